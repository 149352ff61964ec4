using System.Collections.Frozen;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Edge.Issuers;

namespace Gateway.Proxy.Tests.Edge.Issuers;

/// <summary>The open connections of callers end with their token, and otherwise only beyond a maximum.</summary>
public sealed class OpenCallersTests
{
    private readonly GrantModel _grant = Grant();

    [Fact]
    public async Task Only_entries_that_are_gone_end()
    {
        var open = new OpenCallers(countMax: 10);
        var callers = Enumerable.Range(0, 4).Select(static at => Caller($"person-{at}")).ToList();
        var ends = callers.ConvertAll(caller => open.Add(caller, _grant, nowMs: 1).Bindings["srv"].Ended);

        await open.EndAsync((caller, grant) => caller == callers[2] && grant == "bot");

        Assert.Equal([false, false, true, false], ends.Select(static end => end.IsCancellationRequested));
        Assert.Equal(3, open.Count);
    }

    [Fact]
    public async Task Beyond_the_maximum_only_the_least_recently_used_excess_ends()
    {
        var open = new OpenCallers(countMax: 3);
        var callers = Enumerable.Range(0, 5).Select(static at => Caller($"person-{at}")).ToList();
        var ends = callers.Select((caller, at) => open.Add(caller, _grant, nowMs: at).Bindings["srv"].Ended).ToList();
        Assert.NotNull(open.Find(callers[0], _grant, nowMs: 9));

        await open.EndAsync(static (_, _) => false);

        Assert.Equal([false, true, true, false, false], ends.Select(static end => end.IsCancellationRequested));
        Assert.Equal(3, open.Count);
    }

    private static GrantModel Grant()
    {
        var policy = PolicyLoader.Load("""{ "version": "1", "default": "allow" }"""u8.ToArray(), "p").Policy!;
        var binding = new GrantBinding(policy.Bind("bot", "srv"), "p", policy.Sha256, new AccessState());
        return new GrantModel(
            "bot", TokenHash.Of("pgw_t"), null, false,
            new Dictionary<string, GrantBinding> { ["srv"] = binding }.ToFrozenDictionary(), new GrantState("bot"));
    }

    private static CallerIdentity Caller(string subject) =>
        new(new IssuerSettings("corp", "https://login.example.com"),
            new Caller { Issuer = "corp", Subject = subject, Claims = "{}"u8.ToArray() })
        {
            Audiences = [],
            UntilMs = long.MaxValue,
        };
}
