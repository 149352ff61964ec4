namespace Gateway.Server.Tests.Logs;

/// <summary>With JSON logs a collector gets nothing else from a gateway on its two outputs.</summary>
public sealed class JsonOutputTests : IDisposable
{
    private readonly TestFolder _folder = new("gateway-json-");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_with_json_logs_writes_its_addresses_and_the_key_it_made_as_json()
    {
        var command = Programs.Command(
            Programs.Gateway, "run", "--log-format", "json", "--listen", "http://127.0.0.1:0");
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var gateway = Process.Start(start)!;
        var errors = gateway.StandardError.ReadToEndAsync();
        var output = new StringBuilder();
        string? line;
        do
        {
            line = await gateway.StandardOutput.ReadLineAsync().WaitAsync(Soon.AtMost);
            output.AppendLine(line);
        }
        while (line is not null && !line.Contains("first operator", StringComparison.Ordinal));
        Assert.True(Signals.Terminate(gateway));
        output.Append(await gateway.StandardOutput.ReadToEndAsync().WaitAsync(Soon.AtMost));

        var said = Messages(output.ToString());
        Assert.Contains(said, static one => one.StartsWith("admin key, shown only once: ", StringComparison.Ordinal));
        Assert.Contains(said, static one => one.StartsWith("gateway listens on http://", StringComparison.Ordinal));
        Assert.NotEmpty(Messages(await errors));
    }

    [Theory]
    [InlineData("gateway cannot start: cannot listen on \"8080\"", "--listen", "8080")]
    [InlineData("GATEWAY_WINDOWS \"stict\" is not one of default, strict.")]
    [InlineData("See: gateway run --help", "--no-such-option")]
    [InlineData("gateway.json", "--config", "gateway.json")]
    public async Task Run_that_cannot_start_says_why_as_json(string why, params string[] options)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "gateway.json"), """{ "servers": [] }""");
        var cli = new Cli(_folder.Path) { Environment = { ["GATEWAY_LOG_FORMAT"] = "json" } };
        if (options.Length == 0)
            cli.Environment["GATEWAY_WINDOWS"] = "stict";

        var run = await cli.RunAsync(["run", .. options]);

        Assert.Equal("", run.Output);
        Assert.Contains(Messages(run.Errors), one => one.Contains(why, StringComparison.Ordinal));
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task Other_verbs_and_help_stay_text()
    {
        var cli = new Cli(_folder.Path) { Environment = { ["GATEWAY_LOG_FORMAT"] = "json" } };

        var help = await cli.RunAsync("run", "--help");
        var status = await cli.RunAsync("status");

        Assert.Contains("gateway run --config gateway.json", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("{\"Timestamp\"", help.Output, StringComparison.Ordinal);
        Assert.StartsWith("http://127.0.0.1:1", status.Errors, StringComparison.Ordinal);
    }

    /// <summary>The message of each line, all of which are entries.</summary>
    private static List<string> Messages(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line =>
        {
            var entry = JsonNode.Parse(line)!;
            Assert.Matches(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z", (string)entry["Timestamp"]!);
            Assert.NotNull(entry["LogLevel"]);
            return (string)entry["Message"]!;
        })];
}
