namespace Gateway.Postgres.Tests.Clusters;

/// <summary>Tests that share the one server; they run after one another.</summary>
[CollectionDefinition(Name)]
public sealed class DatabaseCollection : ICollectionFixture<SharedDatabase>
{
    public const string Name = "database";
}
