namespace Gateway.Postgres.Tests.Clusters;

/// <summary>A test that starts and stops a server, which a given database would not stand for.</summary>
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("GATEWAY_REQUIRE_ALL") == "1") return;
        if (PostgresBinaries.Folder is null) Skip = "needs PostgreSQL's own programs (initdb, pg_ctl): install it";
    }
}
