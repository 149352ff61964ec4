using Gateway.Fleet.Tests.Upgrade;

namespace Gateway.Fleet.Tests.Documents;

/// <summary>An operator's first month: each command of month.txt prints what is written there.</summary>
[Trait("run", "full")]
public sealed class MonthTests
{
    // As far ahead as no test reaches, so that the windows and dates of the file are always the same.
    private static readonly DateTimeOffset FirstDay = new(2031, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [MonthFact]
    public async Task Shows_the_screens_of_the_first_month_as_they_are_written()
    {
        var page = SourceTree.PathOf("tests", "Gateway.Fleet.Tests", "Documents", "month.txt");
        var screens = Screen.Of(DocumentBlock.In(page));
        Assert.True(screens.Count > 10, $"{screens.Count} screens");
        using var folder = new TestFolder("gateway-month-");
        await using var server = await RecordingServer.StartAsync();
        var kept = KeptState.Of(KeptState.FirstVersion, "files");
        using var audit = SmallVolume.Mount(Path.Combine(folder.Path, ".gateway", "audit"), bytes: 8 << 20);
        File.Copy(kept.PathOf("data.tar.gz"), Path.Combine(folder.Path, "data-of-the-first-version.tar.gz"));
        await using var terminal = Terminal.Start(folder.Path, new Dictionary<string, string>
        {
            ["OLD_ADMIN_KEY"] = kept["key"],
            ["OLD_BOT_TOKEN"] = kept["bot"],
        });
        // The file's ports are those of an empty machine.
        (string Written, string Here)[] addresses =
        [
            ("127.0.0.1:8080", $"127.0.0.1:{Ports.Free()}"),
            ("127.0.0.1:9000", new Uri(server.Url).Authority),
        ];

        var wrong = new StringBuilder();
        var day = 0;
        foreach (var screen in screens)
        {
            if (screen.Day != day)
                terminal.Reach(FirstDay.AddDays((day = screen.Day) - 1));
            var typed = addresses.Aggregate(
                screen.Command, (text, a) => text.Replace(a.Written, a.Here, StringComparison.Ordinal));
            var printed = addresses.Aggregate(
                await terminal.RunAsync(typed), (text, a) => text.Replace(a.Here, a.Written, StringComparison.Ordinal));
            if (!screen.IsPrinted(printed))
                wrong.Append(null, $"month.txt:{screen.Line}: $ {screen.Command}\n{printed}\n");
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }
}
