namespace Gateway.Console.Tests;

/// <summary>A test that needs a browser.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() =>
        Skip = Browser.Executable is null ? Requirements.SkipWithout("needs chromium") : null;
}
