using Gateway.Audit.Arguments;
using Gateway.Audit.Replaying;
using Gateway.Control.Secrets;
using Gateway.Policy;
using Gateway.Storage.Local.Files;

namespace Gateway.Server.Tests.Features;

/// <summary>
/// Random traffic through a real gateway whose policy is changed on the way: replayed, each call by the version that
/// its record names, it changes nothing.
/// </summary>
public sealed class RecordedTrafficTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Callers = 6;
    private const int CallsOfEach = 100;
    private RecordingServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _server.Answer = static (http, request) =>
        {
            using var message = JsonDocument.Parse(request.Body);
            var id = message.RootElement.GetProperty("id").GetInt32();
            return RecordingServer.JsonAsync(http,
                $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[],"isError":{{{(id % 5 == 0 ? "true" : "false")}}}}}""");
        };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Replaying_recorded_traffic_with_its_policy_versions_changes_nothing()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        string[] texts = [Version(9, spend: "40.00"), Version(14, spend: "25.5"), Version(9, spend: "60")];
        await using var gateway = await TestGateway.StartAsync(_server, texts[0]);
        var versions = new Dictionary<string, CompiledPolicy>();
        foreach (var (text, round) in texts.Select(static (text, round) => (text, round)))
        {
            TestConfig.Write(gateway.Folder, _server.Url, text);
            Assert.True(await gateway.Host.ReloadAsync(CancellationToken.None));
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(gateway, seed, round, caller)));
            // The file's digest is of the text in its place in the file.
            var decidedBy = gateway.AuditRecords().Last(IsDecision).GetProperty("policySha256").GetString()!;
            versions[decidedBy] = PolicyLoader.Load(Encoding.UTF8.GetBytes(text), "p").Policy!;
        }

        await gateway.DisposeHostAsync();
        var data = Path.Combine(gateway.Folder, "data");
        Assert.All(gateway.AuditRecords().Where(IsDecision), record =>
            Assert.Contains(record.GetProperty("policySha256").GetString()!, versions));
        using var record = new FolderSource(Path.Combine(data, "audit"), ValuesOf(data));
        var report = new ReplayRun(new ReplayRequest([record], versions.Values.First())
        {
            Versions = versions,
        }).Run(null, CancellationToken.None);

        output.WriteLine(JsonSerializer.Serialize(report with { Changes = [.. report.Changes.Take(5)] }));
        Assert.Equal(gateway.AuditRecords().Count(IsDecision), report.Evaluated);
        Assert.InRange(report.Evaluated, Callers * CallsOfEach * texts.Length, int.MaxValue);
        Assert.Equal((0, 0), (report.Changed, report.Unreadable));
        // A machine that is busy enough makes trouble of the gateway's own.
        var trouble = report.Causes.GetValueOrDefault("the gateway itself failed");
        Assert.InRange(report.Unknown - trouble, 0, report.Evaluated / 100);
        Assert.Equal(report.Evaluated, report.Same + report.Unknown);
        // Traffic that met no limit would prove nothing.
        var outcomes = gateway.AuditRecords().Where(IsDecision)
            .CountBy(static record => record.GetProperty("outcome").GetString()!).ToDictionary();
        Assert.All(["allowed", "denied", "rate_limited", "approval_required"],
            outcome => Assert.InRange(outcomes.GetValueOrDefault(outcome), 1, int.MaxValue));
    }

    private static bool IsDecision(JsonElement record) => record.GetProperty("kind").GetString() == "decision";

    private static ArgumentReader ValuesOf(string data)
    {
        var secrets = SecretProtector.Opening(FileControlStore.Peek(Path.Combine(data, "control")));
        return new ArgumentReader(Path.Combine(data, "arguments"), secrets, oldestMs: 0);
    }

    private static async Task CallAsync(TestGateway gateway, int seed, int round, int caller)
    {
        var random = new Random(HashCode.Combine(seed, round, caller));
        for (var i = 0; i < CallsOfEach; i++)
        {
            var (tool, arguments) = random.Next(9) switch
            {
                0 => ("fixed", "{}"),
                1 => ("slide", "{}"),
                2 => ("bucket", """{"n":1}"""),
                3 => ("pay", $$"""{"amount":{{random.Next(-1, 12)}}.25,"to":"{{(char)('a' + random.Next(4))}}"}"""),
                4 => ("send", $$"""{"to":"{{(char)('A' + random.Next(26))}}@x","text":"t"}"""),
                5 => ("guarded", $$"""{"path":"{{(random.Next(2) == 0 ? "/ok/a" : "/etc/b")}}","Path":1}"""),
                6 => ("schema", random.Next(2) == 0 ? """{"n":5}""" : """{"n":"five"}"""),
                7 => ("calendar", """{"password":"p"}"""),
                _ => ("unknown", """{"x":[1,2]}"""),
            };
            await gateway.CallToolAsync(tool, arguments, $"{(((round * Callers) + caller) * CallsOfEach) + i + 1}");
        }
    }

    private static string Version(int max, string spend) => $$"""
        {
          "version": "1", "default": "deny", "record_arguments": true, "hide": ["secret_*"],
          "all_tools": { "limits": [ { "counter": "all", "window": "second", "max": {{max * 10}}, "scope": "server" } ] },
          "tools": {
            "fixed": { "limits": [ { "counter": "f", "window": 2, "max": {{max}} } ] },
            "slide": { "limits": [ { "counter": "s", "window": 2, "max": {{max}}, "kind": "sliding" } ] },
            "bucket": { "limits": [ { "counter": "b", "window": 2, "max": {{max}}, "kind": "bucket" } ] },
            "pay": { "approval": { "wait": 0 },
              "approve_if": [ { "path": "args.amount", "op": "gt", "value": 4 } ],
              "limits": [ { "counter": "spend", "window": 3, "max": "{{spend}}", "increment_from": "args.amount" } ]
            },
            "send": { "limits": [ { "counter": "to", "window": 2, "max": 2, "keys_max": 20,
              "by": { "path": "args.to", "as": "lower" } } ] },
            "guarded": { "case_variants": "allow",
              "require": [ { "path": "args.path", "op": "starts_with", "value": "/ok/" } ] },
            "schema": { "arguments": { "properties": { "n": { "type": "integer" } } },
              "limits": [ { "counter": "sc", "window": "minute", "max": 40, "refund_on_error": true } ] },
            "calendar": { "limits": [ { "counter": "c", "window": "day", "zone": "Europe/Berlin", "max": {{max * 3}} } ] }
          }
        }
        """;
}
