using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;

namespace Gateway.Benchmarks;

/// <summary>Decisions by one entry with a condition of each kind, all of which are true, on one core.</summary>
[MemoryDiagnoser]
public class PolicyConditions
{
    private const int Batch = 1000;

    private const string Document = """
        {"version":"1","default":"deny","tools":{"pay":{"require":[
          {"path":"args.to","op":"eq","value":"alice"}, {"path":"args.to","op":"neq","value":"bob"},
          {"path":"args.currency","op":"in","value":["EUR","USD"]}, {"path":"args.to","op":"not_in","value":["eve"]},
          {"path":"args.amount","op":"gt","value":0}, {"path":"args.amount","op":"lte","value":500},
          {"path":"args.note","op":"contains","value":"invoice"}, {"path":"args.note","op":"starts_with","value":"An"},
          {"path":"args.note","op":"length_lte","value":80}, {"path":"args.to","op":"exists"}
        ]}}}
        """;

    private const string Arguments =
        """{"to":"alice","amount":25.5,"currency":"USD","note":"An invoice of last week"}""";

    private PolicyBinding _binding = null!;
    private PolicyCall _call;

    [GlobalSetup]
    public void SetUp()
    {
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes(Document), "policy.json");
        if (loaded.Policy is null) throw new FormatException(string.Join('\n', loaded.Problems));
        _binding = loaded.Policy.Bind("bot", "bank");
        _call = PolicyCall.OfTool("pay", Encoding.UTF8.GetBytes(Arguments));
        if (PolicyEngine.Decide(_binding, _call).Outcome != DecisionOutcome.Allow)
            throw new InvalidOperationException("The call is denied.");
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int DecideByConditions()
    {
        var allowed = 0;
        for (var i = 0; i < Batch; i++) allowed += (int)PolicyEngine.Decide(_binding, _call).Outcome;
        return allowed;
    }
}
