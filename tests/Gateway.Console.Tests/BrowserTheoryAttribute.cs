namespace Gateway.Console.Tests;

/// <summary>A test of several cases that needs a browser.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() =>
        Skip = Browser.Executable is null ? Requirements.SkipWithout("needs chromium") : null;
}
