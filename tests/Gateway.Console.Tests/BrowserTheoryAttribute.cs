namespace Gateway.Console.Tests;

/// <summary>A test of several cases that needs a browser.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() =>
        Skip = Browser.Executable is null ? Requirements.SkipWithout("needs chromium") : null;

    /// <summary>Whether it needs node and its packages too.</summary>
    public bool WithNode
    {
        get => false;
        init => Skip ??= value ? Requirements.SkipWithout(NodePackages.Missing) : null;
    }
}
