namespace Gateway.Server.Tests.Interop;

/// <summary>A test that needs node and its packages; one that lacks them is skipped, or fails in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = Requirements.SkipWithout(NodePackages.Missing);
}
