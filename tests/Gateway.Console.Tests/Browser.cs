namespace Gateway.Console.Tests;

/// <summary>
/// A headless browser of the machine; it costs a second to start, so a class shares one. It is Chromium, or Firefox
/// (through WebDriver BiDi) with <c>GATEWAY_BROWSER=firefox</c>.
/// </summary>
internal static class Browser
{
    private static readonly string[] Places = IsFirefox
        ? ["/usr/bin/firefox-esr", "/usr/bin/firefox"]
        : ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>True if the tests use Firefox.</summary>
    public static bool IsFirefox => Environment.GetEnvironmentVariable("GATEWAY_BROWSER") == "firefox";

    /// <summary>The executable; null where there is none.</summary>
    public static string? Executable { get; } = Array.Find(Places, File.Exists);

    public static Task<IBrowser> StartAsync(IPlaywright playwright)
    {
        Assertions.SetDefaultExpectTimeout((float)Soon.AtMost.TotalMilliseconds);
        var options = new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Timeout = (float)Soon.AtMost.TotalMilliseconds,
        };
        if (IsFirefox)
            return playwright.Firefox.LaunchAsync(new(options) { Channel = "moz-firefox" });
        // As root, as CI often is, it has no sandbox.
        return playwright.Chromium.LaunchAsync(new(options) { Args = ["--no-sandbox", "--disable-gpu"] });
    }
}
