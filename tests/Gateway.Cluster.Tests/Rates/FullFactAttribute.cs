namespace Gateway.Cluster.Tests.Rates;

/// <summary>A measurement: only in the full run, and where PostgreSQL's own programs are.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FullFactAttribute : FactAttribute
{
    public FullFactAttribute()
    {
        if (!Requirements.AreFull) Skip = "a measurement: set GATEWAY_FULL=1";
        else if (PostgresBinaries.Folder is null) Skip = PostgresBinaries.Missing;
    }
}
