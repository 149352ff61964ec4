using Gateway.TestHarness.Node;

namespace Gateway.TestHarness.Postgres;

/// <summary>A test that starts and stops its own server, because a shared database must not be stopped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    private const string Missing = "needs PostgreSQL's own programs (initdb, pg_ctl): install it";

    public ClusterFactAttribute() =>
        Skip = Requirements.SkipWithout(PostgresBinaries.Folder is null ? Missing : null);

    /// <summary>True if it needs node and its packages too.</summary>
    public bool WithNode
    {
        get => false;
        init => Skip ??= value ? Requirements.SkipWithout(NodePackages.Missing) : null;
    }
}
