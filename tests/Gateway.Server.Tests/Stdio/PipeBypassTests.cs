namespace Gateway.Server.Tests.Stdio;

/// <summary>What reached programs unread, or as two messages, in gateways that were tried: here it does not.</summary>
public sealed class PipeBypassTests
{
    private const string EchoOnly = """{ "version": "1", "default": "deny", "tools": { "echo": {} } }""";

    [LinuxFact]
    public async Task A_body_that_is_not_one_evaluated_message_never_reaches_a_program()
    {
        await using var bench = await StdioBench.StartAsync(EchoOnly);
        var session = await bench.OpenAsync();
        string[] smuggled =
        [
            "[" + StdioBench.Call("hidden") + "]",
            StdioBench.Call("echo") + "\n" + StdioBench.Call("hidden"),
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":["hidden"]}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hidden","Name":"echo"}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"},"params":{"name":"hidden"}}""",
            """{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"echo"}}""",
        ];

        foreach (var body in smuggled)
        {
            using var answer = await bench.PostAsync(body, session);
            Assert.Equal(400, (int)answer.StatusCode);
        }

        Assert.Single(bench.Lines);
    }

    [LinuxFact]
    public async Task A_message_stays_one_line_for_every_reader_of_lines()
    {
        await using var bench = await StdioBench.StartAsync(EchoOnly);
        var session = await bench.OpenAsync();
        var inner = StdioBench.Call("hidden").Replace("\"", "\\\"", StringComparison.Ordinal);

        foreach (var separator in (string[])["\u2028", "\u2029", "\u0085"])
        {
            var body = "{\"jsonrpc\":\"2.0\",\"id\":1,\r\n\"method\":\"tools/call\",\r\"params\":{\"name\":\"echo\"," +
                $"\"arguments\":{{\"text\":\"é{separator}{inner}{separator}漢\"}}}}}}";
            Assert.Contains("echo", await bench.CallAsync(body, session));
            var line = bench.Lines[^1];
            Assert.DoesNotContain(separator, line);
            Assert.Contains($"é\\u{(int)separator[0]:x4}", line, StringComparison.Ordinal);
            Assert.Contains("漢", line);
        }

        Assert.Equal(4, bench.Lines.Length);
    }
}
