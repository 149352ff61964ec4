namespace Gateway.Console.Tests;

/// <summary>A test that needs a browser.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() =>
        Skip = Browser.Executable is null ? Requirements.SkipWithout("needs chromium") : null;

    /// <summary>Whether it needs what only the developer tools of Chromium do.</summary>
    public bool OnlyInChromium
    {
        get => false;
        init => Skip ??= value && Browser.IsFirefox ? "needs the developer tools of Chromium" : null;
    }

    /// <summary>Whether it needs node and its packages too.</summary>
    public bool WithNode
    {
        get => false;
        init => Skip ??= value ? Requirements.SkipWithout(NodePackages.Missing) : null;
    }

    /// <summary>Whether it needs the official inspector's page.</summary>
    public bool WithInspector
    {
        get => false;
        init => Skip ??= value && !Directory.Exists(PageClientTests.Inspector)
            ? Requirements.SkipWithout("run npm ci in tests/interop/inspector")
            : null;
    }

    /// <summary>Whether it needs a PostgreSQL of its own.</summary>
    public bool WithDatabase
    {
        get => false;
        init => Skip ??= value && PostgresBinaries.Folder is null
            ? Requirements.SkipWithout(PostgresBinaries.Missing)
            : null;
    }

    /// <summary>Whether it runs with <c>GATEWAY_FULL=1</c> or <c>GATEWAY_UPDATE=1</c> alone.</summary>
    public bool OnlyForPictures
    {
        get => false;
        init => Skip ??= value && !Requirements.AreFull && Environment.GetEnvironmentVariable("GATEWAY_UPDATE") != "1"
            ? "takes pictures: GATEWAY_FULL=1 or GATEWAY_UPDATE=1"
            : null;
    }
}
