using Gateway.Admin.Counters;
using Gateway.Admin.Grants;
using Gateway.Admin.Records;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Verbs.Status;

namespace Gateway.Server.Tests.Commands;

/// <summary><c>gateway top</c> on a terminal of 80 × 24, and the colours of the other verbs there.</summary>
public sealed class TopTests
{
    private const string Script = "/usr/bin/script";
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(80, 24, 40, 60)]
    [InlineData(80, 24, 0, 0)]
    [InlineData(40, 8, 3, 3)]
    [InlineData(200, 60, 100, 500)]
    public void Fits_the_terminal_and_says_what_it_shows(int width, int height, int grants, int counters)
    {
        var lines = new TopScreen(width, height, Paint.None).Draw(
            "ready, at http://127.0.0.1:8080/",
            Status(),
            [
                .. Enumerable.Range(0, grants).Select(static i => new GrantView
                {
                    Name = $"agent-with-a-long-name-{i:D3}",
                    Status = "active",
                    LastUsed = Now,
                }),
            ],
            [
                .. Enumerable.Range(0, counters).Select(static i => Counter(
                    $"agent-with-a-long-name-{i:D3}@customers/calls_of_the_whole_day/grant/fixed/day/0", $"{i}", "500",
                    Now.AddHours(16))),
            ]);

        Assert.InRange(lines.Count, 1, height);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        var text = string.Join('\n', lines);
        Assert.Contains("q quits", text, StringComparison.Ordinal);
        Assert.Contains("Grants, last used first", text, StringComparison.Ordinal);
        if (height >= 24)
            Assert.Contains("Counters, fullest first", text, StringComparison.Ordinal);
        if (counters == 60)
        {
            Assert.Contains("of 60)", text, StringComparison.Ordinal);
            Assert.Contains("11 %", lines.First(static line => line.Contains('%')), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("2026-11-20T00:00:00Z", "0 s")]
    [InlineData("2026-11-21T08:00:09Z", "9 s")]
    [InlineData("2026-11-22T00:00:00Z", "16 h 0 min")]
    [InlineData("2026-12-01T00:00:00Z", "9 d 16 h")]
    public void Shows_a_counter_whole_on_forty_columns(string resets, string left)
    {
        var lines = new TopScreen(39, 24, Paint.None).Draw(
            "ready", Status(), [],
            [
                Counter(
                    "agent@customers/calls/grant/fixed/month/0", "250", "1000",
                    DateTimeOffset.Parse(resets, CultureInfo.InvariantCulture)),
            ]);

        Assert.EndsWith("  25 %  250   1000  " + left, lines[^1], StringComparison.Ordinal);
        Assert.EndsWith("  FULL  USED  MAX   RESETS IN", lines[^2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('q')]
    [InlineData('\x3')]
    public async Task Leaves_the_screen_as_it_was_when_q_or_Ctrl_C_is_pressed(char key)
    {
        if (!File.Exists(Script))
            return;
        await using var bench = await AdminBench.StartAsync();
        await bench.ProvideAsync();
        using var terminal = Terminal(bench, "top");
        var seen = "";

        await ReadUntilAsync("lists/grant/fixed/month/0");
        await terminal.StandardInput.WriteAsync(key);
        await terminal.StandardInput.FlushAsync();
        seen += await terminal.StandardOutput.ReadToEndAsync().WaitAsync(Soon.AtMost);

        await terminal.WaitForExitAsync().WaitAsync(Soon.AtMost);
        Assert.Equal(0, terminal.ExitCode);
        Assert.StartsWith(
            "\e[?1049h", seen[seen.IndexOf("\e[?1049", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.EndsWith("\e[?25h\e[?1049l", seen.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("Counters, fullest first (1)", seen, StringComparison.Ordinal);

        async Task ReadUntilAsync(string text)
        {
            var buffer = new char[4096];
            while (!seen.Contains(text, StringComparison.Ordinal))
            {
                var read = await terminal.StandardOutput.ReadAsync(buffer).AsTask().WaitAsync(Soon.AtMost);
                Assert.True(read > 0, seen);
                seen += new string(buffer, 0, read);
            }
        }
    }

    [Theory]
    [InlineData(true, "grant", "list")]
    [InlineData(false, "grant", "list", "--no-color")]
    [InlineData(false, "grant", "list", "--json")]
    public async Task Colours_words_on_a_terminal_unless_disabled(bool hasColour, params string[] arguments)
    {
        if (!File.Exists(Script))
            return;
        await using var bench = await AdminBench.StartAsync();
        await bench.ProvideAsync();
        using var terminal = Terminal(bench, arguments);

        var seen = await terminal.StandardOutput.ReadToEndAsync().WaitAsync(Soon.AtMost);

        Assert.Contains("active", seen, StringComparison.Ordinal);
        Assert.Equal(hasColour, seen.Contains("\e[32mactive", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("NO_COLOR", "1")]
    [InlineData("TERM", "dumb")]
    public async Task Prints_a_table_without_a_control_code_on_a_terminal_that_wants_no_color(string name, string value)
    {
        if (!File.Exists(Script))
            return;
        await using var bench = await AdminBench.StartAsync();
        await bench.ProvideAsync();

        var shown = await ShownAsync(bench, (name, value), "grant", "list");

        Assert.Contains("active", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', shown);
        Assert.Equal(await PipedAsync(bench, null, "grant", "list"), shown);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("jsonl")]
    [InlineData("csv")]
    public async Task Output_for_programs_is_the_same_on_a_terminal_and_in_a_pipe_with_and_without_NO_COLOR(string form)
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.ProvideAsync();
        string[] arguments = ["grant", "list", "--output", form];

        var piped = await PipedAsync(bench, null, arguments);

        Assert.Contains("active", piped, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', piped);
        Assert.Equal(piped, await PipedAsync(bench, "1", arguments));
        if (!File.Exists(Script))
            return;
        Assert.Equal(piped, await ShownAsync(bench, null, arguments));
        Assert.Equal(piped, await ShownAsync(bench, ("NO_COLOR", "1"), arguments));
    }

    [Fact]
    public async Task Shows_one_picture_in_a_pipe_without_a_control_code()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.ProvideAsync();

        var run = await new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey).RunAsync("top");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("1 grant, 1 counter", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
    }

    private static async Task<string> PipedAsync(AdminBench bench, string? noColor, params string[] arguments)
    {
        var cli = new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey);
        cli.Environment["NO_COLOR"] = noColor ?? "";
        var run = await cli.RunAsync(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run.Output;
    }

    /// <summary>
    /// The output of a verb on a terminal, whose driver ends lines by CR LF. The runtime of .NET first switches the
    /// terminal's keypad, which changes no text.
    /// </summary>
    private static async Task<string> ShownAsync(
        AdminBench bench, (string Name, string Value)? variable, params string[] arguments)
    {
        using var terminal = Terminal(bench, variable, arguments);
        var shown = await terminal.StandardOutput.ReadToEndAsync().WaitAsync(Soon.AtMost);
        return shown.Replace("\r\n", "\n", StringComparison.Ordinal)
            .Replace("\e[?1h\e=", "", StringComparison.Ordinal);
    }

    private static Process Terminal(AdminBench bench, params string[] arguments) => Terminal(bench, null, arguments);

    /// <summary>The verb on a terminal of 80 × 24; what is written to it are keys.</summary>
    private static Process Terminal(
        AdminBench bench, (string Name, string Value)? variable, params string[] arguments)
    {
        var command = string.Join(' ', Programs.Command(Programs.Gateway, arguments));
        var start = new ProcessStartInfo(
            Script, ["-qec", $"stty cols 80 rows 24; exec {command}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm";
        start.Environment.Remove("NO_COLOR");
        if (variable is var (name, value))
            start.Environment[name] = value;
        start.Environment["GATEWAY_URL"] = bench.Host.Addresses[0];
        start.Environment["GATEWAY_ADMIN_KEY"] = bench.AdminKey;
        return Process.Start(start)!;
    }

    private static StatusView Status() => new("1.0", true, null, 0, 0, 0, 0, [], null) { Now = Now };

    private static CounterView Counter(string key, string used, string max, DateTimeOffset resets) =>
        new(key, null, "", "", "", "", "", max, used, null, resets, null);
}
