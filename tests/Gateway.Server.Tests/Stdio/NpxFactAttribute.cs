namespace Gateway.Server.Tests.Stdio;

/// <summary>A test that needs npx; one that lacks it is skipped, or fails in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NpxFactAttribute : FactAttribute
{
    public NpxFactAttribute() => Skip = Requirements.SkipWithout(
        SearchPath.Has("npx") ? null : "npx is not installed; install Node.js 20 or newer");
}
