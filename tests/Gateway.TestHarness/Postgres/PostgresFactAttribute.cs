namespace Gateway.TestHarness.Postgres;

/// <summary>A test that needs a database; where everything has to be there, a missing one makes it fail.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = SkipReason;

    /// <summary>Why such tests are skipped here; null where they run.</summary>
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

/// <summary>The same, once for each row of its data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresFactAttribute.SkipReason;
}
