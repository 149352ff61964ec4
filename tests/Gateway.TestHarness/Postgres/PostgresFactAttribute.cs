namespace Gateway.TestHarness.Postgres;

/// <summary>A test that needs a database. If everything is required, a missing one fails the test.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = SkipReason;

    /// <summary>The reason why such tests are skipped here; null if they run.</summary>
    internal static string? SkipReason
    {
        get
        {
            var isThere = PostgresBinaries.Folder is not null
                || Environment.GetEnvironmentVariable("GATEWAY_TEST_POSTGRES") is { Length: > 0 };
            return Requirements.SkipWithout(isThere ? null : PostgresBinaries.Missing);
        }
    }
}

/// <summary>A theory that needs a database.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresFactAttribute.SkipReason;
}
