import factory
from django.utils import timezone

from piiri.people.models import DemoAccount, Person


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    email = factory.Sequence(lambda n: f"person{n}@city.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"
    joined_at = factory.LazyFunction(timezone.now)
    verified_at = factory.LazyFunction(timezone.now)


class DemoAccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DemoAccount

    person = factory.SubFactory(PersonFactory)
    role = "participant"
    label = {"en": "A participant", "fi": "Osallistuja"}
