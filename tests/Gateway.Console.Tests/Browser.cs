namespace Gateway.Console.Tests;

/// <summary>A headless Chromium of the machine; it costs a second to start, so a class shares one.</summary>
internal static class Browser
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>The executable; null where there is none.</summary>
    public static string? Executable { get; } = Array.Find(Places, File.Exists);

    public static Task<IBrowser> StartAsync(IPlaywright playwright)
    {
        Assertions.SetDefaultExpectTimeout((float)Soon.AtMost.TotalMilliseconds);
        return playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            // As root, as CI often is, it has no sandbox.
            Args = ["--no-sandbox", "--disable-gpu"],
            Timeout = (float)Soon.AtMost.TotalMilliseconds,
        });
    }
}
