"""What a group has between its meetings: a quiet board, a basket of topics, links and files.

Nouns: line (a post, a topic, a link or a file), vote, word (yes to letting a line leave the group), look.
Everything written here is sealed with the group's key. Leans on groups.
"""
