namespace Gateway.Server.Tests.Interop;

/// <summary>A theory that needs node and its packages; one that lacks them is skipped, or fails in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = Requirements.SkipWithout(NodePackages.Missing);
}
