namespace Gateway.TestHarness.Postgres;

/// <summary>A test that needs a database; where everything has to be there, a missing one makes it fail.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        var isThere = PostgresBinaries.Folder is not null
            || Environment.GetEnvironmentVariable("GATEWAY_TEST_POSTGRES") is { Length: > 0 };
        Skip = Requirements.SkipWithout(isThere ? null : PostgresBinaries.Missing);
    }
}
