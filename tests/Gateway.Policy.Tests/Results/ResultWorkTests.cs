using System.Buffers;
using Gateway.Policy.Results;
using static Gateway.Policy.Tests.Results.ResultBench;

namespace Gateway.Policy.Tests.Results;

/// <summary>The work of result rules, in counted steps: never in measured time.</summary>
public class ResultWorkTests
{
    // Prefixes, separators and parts of everything that a detector looks for.
    private static readonly string[] Fragments =
    [
        "AKIA", "eyJ", "eyJaaaaaaaaaaaa.", "glpat-", "ghp_", "bearer ", "-----BEGIN ",
        "-----BEGIN PRIVATE " + "KEY-----",
        "--",
        "a://", "a://b:", "://", "a@", "a@b.", "@", ".", "4111 ", "4111", "1", "1.", "4e",
        "hooks.slack.com/services/T", "/B",
        "sk-",
        "AccountKey=", "aws_secret_access_key=", "xoxb-", "SG.", " ", "=", "A", "\u200B", "４",
    ];

    public static TheoryData<string, string> Repetitions
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in KnownPattern.Names)
            {
                foreach (var fragment in Fragments)
                    data.Add(name, fragment);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Repetitions))]
    public void Detector_on_doubled_text_takes_at_most_double_the_steps(string name, string fragment)
    {
        foreach (var other in Fragments)
        {
            foreach (var begin in new[] { "", other })
            {
                string Text(int length) => begin + Repeat(begin.Length == 0 ? fragment + other : fragment, length);
                var (small, large) = (Steps(name, Text(8_000)), Steps(name, Text(16_000)));
                Assert.True(large <= (2.2 * small) + 100, $"{small}, then {large} steps: {begin}({fragment}{other})*");
            }
        }
    }

    [Theory]
    [InlineData("secret", "AKIA")]
    [InlineData("secret", "eyJ")]
    [InlineData("email", "a@b.")]
    [InlineData("card_number", "4111 ")]
    public void Detector_reads_a_large_hostile_text_within_the_budget(string name, string fragment) => Assert.InRange(
        Steps(name, Repeat(fragment, 4_000_000)), 1, PolicyBounds.ResultStepsMax);

    [Theory]
    [InlineData("A[^Z]*Z|AB", "AB", true)]
    [InlineData("A.*Z|AB", "AB", true)]
    [InlineData("(?:A(?:B|A)*Z)|A", "AB", true)]
    [InlineData("(?i)a[a-c]+z|ab", "AB", true)]
    [InlineData("(?i)a[b-c]+z|ab", "AB", false)]
    [InlineData("\\w+;|\\w", "ab", true)]
    [InlineData("\\w{1,2000}?;|\\w", "ab", false)]
    [InlineData("[^;]+;|a", "a", true)]
    [InlineData("[^;]+;|a", "a;", false)]
    [InlineData("x*y|a", "a", false)]
    public void Expression_that_reads_on_behind_each_match_is_charged_for_it(
        string expression, string fragment, bool isQuadratic)
    {
        var regex = Gateway.Policy.Expressions.SafeRegex.Compile(expression, out _)!;
        long Charged(int length)
        {
            var work = new WorkBudget(int.MaxValue);
            regex.AddMatches(Repeat(fragment, length), work, static (_, _) => { }, 0);
            return work.Spent;
        }

        // The bound is quadratic where the search is, and linear where an attempt ends soon.
        var (small, large) = (Charged(4_000), Charged(8_000));
        Assert.True(isQuadratic ? large > 3 * small : large < 2.2 * small, $"{small}, then {large} steps");
    }

    [Theory]
    [InlineData("""{"known":"secret"}""", "AKIA", false)]
    [InlineData("""{"matches":"A[^Z]*Z|AB"}""", "AB", true)]
    [InlineData("""{"matches":"[0-9]+"}""", "12 ", false)]
    [InlineData("""{"matches":"[\\w.]+@[\\w.]+"}""", "a@b.cc ", false)]
    public void Response_that_needs_too_much_work_is_denied_with_the_reason(string rule, string fragment, bool isDenied)
    {
        var message = Answer($$"""{"t":"{{Repeat(fragment, 320_000)}}"}""");
        var decision = Evaluate(Redact(rule), message, out _);
        Assert.Equal(isDenied ? "(result too large)" : null, decision.Denial?.Rule);
        if (isDenied)
            Assert.Contains("needs more work than one call may use", decision.Denial!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_of_one_call_share_its_budget()
    {
        var (rules, others) = Rules("""{"matches":"a.{1,200}z"}""");
        var budget = ResultBudget.OfCall();
        var message = Encoding.UTF8.GetBytes(Answer($$"""{"t":"{{new string('b', 100_000)}}"}"""));
        var denied = 0;
        while (denied == 0 && budget.Spent < PolicyBounds.ResultStepsMax)
        {
            var before = budget.Spent;
            var decision = ResultEngine.Evaluate(
                _ => rules, others, 4_000_000, message, new ArrayBufferWriter<byte>(), budget);
            denied = decision.Denial is null ? 0 : before;
        }

        Assert.InRange(denied, PolicyBounds.ResultStepsMax / 2, PolicyBounds.ResultStepsMax);
    }

    [Fact]
    public void Stream_that_belongs_to_no_call_earns_work_with_time()
    {
        var (rules, others) = Rules("""{"matches":"A[^Z]*Z|AB"}""");
        var nowMs = 1_000L;
        var budget = ResultBudget.OfStream(() => nowMs);
        string? Rule(string text) => ResultEngine.Evaluate(
            _ => rules, others, 4_000_000, Encoding.UTF8.GetBytes(Answer($"\"{text}\"")), new ArrayBufferWriter<byte>(),
            budget).Denial?.Rule;
        var small = Repeat("AB", 2_000);

        Assert.Equal("(result too large)", Rule(Repeat("AB", 320_000)));
        Assert.Equal("(result too large)", Rule(small));
        nowMs += 1_000;
        Assert.Null(Rule(small));
    }

    [Fact]
    public void Evaluation_ends_when_nobody_waits_for_the_response()
    {
        var (rules, others) = Rules("""{"matches":"A[^Z]*Z|AB"}""");
        using var left = new CancellationTokenSource();
        left.Cancel();
        Assert.Throws<OperationCanceledException>(() => ResultEngine.Evaluate(
            _ => rules, others, 4_000_000, Encoding.UTF8.GetBytes(Answer("\"ABAB\"")), new ArrayBufferWriter<byte>(),
            ResultBudget.OfCall(), left.Token));
    }

    [Fact]
    public void Redacted_values_that_overlap_in_every_place_of_a_text_use_the_budget_up()
    {
        var values = string.Join(',', Enumerable.Range(10, 2_000).Select(i => $"\"{new string('A', 1_000)}{i}\""));
        var result = $$"""{"card":[{{values}}],"text":"{{new string('A', 200_000)}}"}""";
        Assert.Equal("(result too large)", Of(Redact("""{"path":"result.card"}"""), result));
    }

    [Fact]
    public void Redacted_values_beyond_their_bound_use_the_budget_up()
    {
        string Numbers(int count) => string.Join(',', Enumerable.Range(100_000, count));
        string Result(int count) => $$"""{"card":[{{Numbers(count)}}],"text":"x"}""";
        Assert.Equal("""{"card":"[redacted]","text":"x"}""", Of(Redact("""{"path":"result.card"}"""), Result(10_000)));
        Assert.Equal("(result too large)", Of(Redact("""{"path":"result.card"}"""), Result(10_001)));
    }

    [Fact]
    public void Finds_beyond_what_memory_is_kept_for_use_the_budget_up() => Assert.Equal(
        "(result too large)", Of(Redact("""{"matches":"a"}"""), $"\"{new string('a', 600_000)}\""));

    private static (ResultRules Rules, ResultRules Others) Rules(string redaction)
    {
        var binding = Policies.Bind(Policies.Document(
            $$"""  "tools":{"t":{"results":{{Redact(redaction)}} } }  """));
        return (Policies.Call(binding, "t").Results!, binding.OtherMessages!);
    }

    private static int Steps(string name, string text)
    {
        var work = new WorkBudget(int.MaxValue);
        KnownPattern.Of(name).Find(text, work, []);
        Assert.False(work.IsExhausted);
        return work.Spent;
    }

    private static string Repeat(string fragment, int length) =>
        string.Concat(Enumerable.Repeat(fragment, 1 + (length / fragment.Length)));
}
