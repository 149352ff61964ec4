namespace Gateway.Postgres.Tests.Clusters;

/// <summary>A class whose tests, inherited ones included, need a database.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsPostgresAttribute : Attribute
{
    /// <summary>Why such tests are skipped; null where they run.</summary>
    public static string? Missing { get; } = new PostgresFactAttribute().Skip;
}
