using FsCheck;
using FsCheck.Fluent;
using Gateway.Audit.Records;
using Gateway.Limits.Windows;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Policy.Decisions;
using Gateway.Policy.Results;

namespace Gateway.Audit.Tests.Records;

/// <summary>The encoder that every call pays for, against the plain one.</summary>
public sealed class AuditEncoderTests
{
    private static readonly string[] Hostile =
    [
        "", "agent", "/tools/0/limits/1", "\"", "\\", "\\u0022\"", "</script>", "a&b+c'd`e",
        "\0\u0001\b\t\n\u001f\u007f", "\u0080é€", "\u2028\u2029", "😀", "\ud83d", "\ude00", "x\ud800y", "\ude00\ud83d",
        "\ufeff\ufffe\uffff", new('n', 1024), new('n', 1025), new string('<', 1023) + "😀",
        new string('n', 1023) + "😀!", new('é', 40_000),
    ];

    private static Config Settings => Config.QuickThrowOnFailure.WithMaxTest(1000);

    private static Gen<string> Text => Gen.Frequency(
        (3, Gen.Elements(Hostile)),
        (1, from length in Gen.Choose(0, 40)
            from units in Gen.Choose(0, 0xFFFF).ArrayOf(length)
            select new string([.. units.Select(static unit => (char)unit)])),
        (3, from length in Gen.Choose(1, 40)
            from units in Gen.Choose(' ', '~').ArrayOf(length)
            select new string([.. units.Select(static unit => (char)unit)])));

    private static Gen<string?> MaybeText => Gen.Frequency(
        (1, Gen.Constant<string?>(null)), (1, Text.Select(static text => (string?)text)));

    private static Gen<long> Instant => Gen.Frequency(
        (3, Gen.Choose(0, int.MaxValue).Select(static seconds => 1_700_000_000_000 + seconds)),
        (1, Gen.Elements(0L, -1, 1, 999, 951_782_399_999, 1_709_164_800_000,
            -62_135_596_800_000, 253_402_300_799_000)));

    private static Gen<Amount> Number => Gen.Frequency(
        (2, Gen.Choose(0, 10_000).Select(static units => Amount.FromUnits(units))),
        (1, Gen.Choose(0, int.MaxValue).Select(static nano => Amount.FromNano(nano))),
        (1, Gen.Elements(Amount.Most, Amount.FromNano(ulong.MaxValue), Amount.FromNano((Int128)ulong.MaxValue + 1))),
        (1, from units in Gen.Choose(0, int.MaxValue)
            from scale in Gen.Elements(1L, 1000, 1_000_000_000, 1_000_000_000_000_000)
            select Amount.FromNano((Int128)units * scale)));

    private static Gen<NumberRange> Interval =>
        from low in Number from high in Number select new NumberRange(low.Nano, high.Nano);

    private static Gen<CounterPermit> Part =>
        from scope in Text
        from counter in Text
        from costs in Number.ArrayOf(3)
        from start in Gen.Choose(0, int.MaxValue)
        from only in Interval
        from more in Gen.Frequency(
            (3, Gen.Constant<NumberRange[]?>(null)),
            (1, Gen.Choose(0, 3).SelectMany(count => Interval.ArrayOf(count))!))
        select new CounterPermit(
            new CounterKey(LimitScope.Grant, scope + "@afip", counter + "!", WindowKind.Fixed, Window.Month),
            costs[0], costs[1], start * 1000L, only, more is null ? default : [.. more], costs[2]);

    private static Gen<Permit?> MaybePermit => Gen.Frequency(
        (1, Gen.Constant<Permit?>(null)),
        (3, from parts in Gen.Choose(0, 3).SelectMany(static count => Part.ArrayOf(count))
            select (Permit?)new Permit(CallId.New(), [.. parts])));

    private static Gen<RefusedLimit?> MaybeLimit => Gen.Frequency(
        (1, Gen.Constant<RefusedLimit?>(null)),
        (1, from texts in Text.ArrayOf(2)
            from amounts in Number.ArrayOf(3)
            from resetAt in Instant
            select new RefusedLimit(texts[0], texts[1], amounts[0], amounts[1], amounts[2], resetAt, 1)));

    private static Gen<Refusal?> MaybeRefusal => Gen.Frequency(
        (1, Gen.Constant<Refusal?>(null)),
        (1, from outcome in Gen.Elements(Enum.GetValues<RefusalCategory>())
            from texts in Text.ArrayOf(3)
            from limit in MaybeLimit
            from approval in MaybeText
            from cause in Gen.Elements<Trouble?>(null, Trouble.Audit, Trouble.Limits, Trouble.Clock, Trouble.Control)
            select new Refusal(outcome, texts[0], texts[1], texts[2], limit)
            {
                ApprovalId = approval,
                Cause = cause,
            }));

    private static Gen<DecisionRecord> Decision =>
        from rule in Text
        from refusals in MaybeRefusal.Two()
        from permits in MaybePermit.Two()
        from texts in MaybeText.ArrayOf(3)
        from isRetry in Gen.Elements(false, true)
        from candidate in Text.ArrayOf(3)
        from isEvaluated in Gen.Elements(false, true)
        select new DecisionRecord
        {
            Rule = rule,
            Refusal = refusals.Item1,
            ShadowRefusal = refusals.Item2,
            Permit = permits.Item1,
            ShadowPermit = permits.Item2,
            ApprovalId = texts[0],
            StandingApprovalId = texts[1],
            ApprovedBy = texts[2],
            IsRetry = isRetry,
            Candidate = isEvaluated ? new CandidateDecision(candidate[0], candidate[1], candidate[2]) : null,
        };

    private static Gen<byte[]> Arguments =>
        from count in Gen.Frequency((4, Gen.Choose(0, 5)), (1, Gen.Choose(31, 40)))
        from names in Text.ArrayOf(count)
        from isEscaped in Gen.Elements(false, true)
        from value in Gen.Elements(
            "1", "-0.5e1", "null", "\"v\"", "\"\\\\\"", "\"\\\"v\\\":{\"", "[]", "{}", " [ 1 , [ \"],\" ] , { } ] ",
            """{"a":{"b":"}"},"c":[1,2]}""")
        from space in Gen.Elements("", " ", "\n\t")
        select Object(names, isEscaped, value, space);

    private static Gen<Caller?> MaybeCaller =>
        from isKnown in Gen.Elements(true, false)
        from texts in Text.ArrayOf(2)
        from nullable in MaybeText.ArrayOf(2)
        select isKnown
            ? new Caller { Issuer = texts[0], Subject = texts[1], Client = nullable[0], Actor = nullable[1] }
            : null;

    private static Gen<Call> AnyCall =>
        from texts in Text.ArrayOf(3)
        from nullable in MaybeText.ArrayOf(4)
        from caller in MaybeCaller
        from method in Gen.OneOf(
            Gen.Elements(McpMethods.ToolsCall, McpMethods.CompletionComplete, McpMethods.PromptsGet), Text)
        from subject in Gen.Elements(Enum.GetValues<McpSubject>())
        from arguments in Gen.Frequency((1, Gen.Constant<byte[]>([])), (3, Arguments))
        from now in Instant
        from arrived in Instant
        select new Call(texts[0], texts[1], texts[2], nullable[0], nullable[1], nullable[2], now, arrived)
        {
            Caller = caller,
            Message = new McpMessage
            {
                Body = arguments,
                Kind = McpMessageKind.Request,
                Method = method,
                Name = nullable[3],
                Subject = subject,
                Arguments = arguments,
            },
        };

    private static Gen<ResultRecord?> MaybeResults => Gen.Frequency(
        (1, Gen.Constant<ResultRecord?>(null)),
        (1, from texts in Text.ArrayOf(3)
            from count in Gen.Choose(0, 9)
            from isDenied in Gen.Elements(false, true)
            select new ResultRecord(
                [new RedactionCount(texts[0], count, isDenied)],
                isDenied ? new ResultDenial(texts[1], texts[2]) : null,
                isDenied ? null : new ResultDenial(texts[2], texts[1]))));

    [Fact]
    public void Writes_a_decision_as_a_JSON_writer_does() =>
        Prop.ForAll(Arb.From(AnyCall), Arb.From(Decision), static (call, record) =>
        {
            var actual = AuditEncoder.Decision(call, record).ToArray();
            return actual.AsSpan().SequenceEqual(PlainEncoder.Decision(call, record, actual));
        }).Check(Settings);

    [Fact]
    public void Writes_an_outcome_as_a_JSON_writer_does() =>
        Prop.ForAll(Arb.From(AnyCall), Arb.From(Text.Two()), Arb.From(MaybeResults), static (call, texts, results) =>
        {
            var (now, number) = (call.ArrivedMs + Math.Abs(call.NowMs % 1000), call.NowMs);
            var actual = AuditEncoder.Outcome(
                call, now, texts.Item1, (int)number, number, texts.Item2, results).ToArray();
            return actual.AsSpan().SequenceEqual(PlainEncoder.Outcome(
                call, now, texts.Item1, (int)number, number, texts.Item2, results, actual));
        }).Check(Settings);

    [Fact]
    public void Escapes_each_character_as_a_JSON_writer_does()
    {
        for (var unit = 0; unit <= 0xFFFF; unit++)
        {
            var call = new Call($"a{(char)unit}b", "", "", null, null, null, 0, 0) { Message = Message("""{"a":1}""") };
            var actual = AuditEncoder.Outcome(call, 0, "", 0, 0, "", null).ToArray();
            Assert.Equal(PlainEncoder.Outcome(call, 0, "", 0, 0, "", null, actual), actual);
        }
    }

    [Fact]
    public void Has_the_names_of_arguments_that_were_read_and_none_of_their_values()
    {
        var message = Message("""{ "a" : "SECRET\",\"SECRET\":1" , "b\u0022":["SECRET",{"SECRET":"\\"}], "c":{} }""");
        var call = new Call("", "", "", null, null, null, 0, 0) { Message = message };

        var line = Encoding.UTF8.GetString(AuditEncoder.Decision(call, new DecisionRecord { Rule = "r" }));

        Assert.Contains(""","argumentKeys":["a","b\u0022","c"],""", line, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Has_the_names_of_arguments_however_deep_their_values_are()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 1000)) + string.Concat(Enumerable.Repeat("]", 1000));
        var call = new Call("", "", "", null, null, null, 0, 0)
        {
            Message = Message($$"""{"a":{{deep}},"b":1}""", McpReadBounds.Default with { DepthMax = 1010 }),
        };

        var line = Encoding.UTF8.GetString(AuditEncoder.Decision(call, new DecisionRecord { Rule = "r" }));

        Assert.Contains(""","argumentKeys":["a","b"],""", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approval")]
    [InlineData("stream")]
    [InlineData("folded")]
    public void Records_beside_calls_name_the_client_and_erasable_subject_and_actor(string kind)
    {
        var caller = new Caller { Issuer = "corp", Subject = "ana", Client = "batch", Actor = "robot" };

        var line = (kind switch
        {
            "approval" => AuditEncoder.Approval(
                new ApprovalEvent
                {
                    Id = "a1",
                    Became = "asked",
                    Grant = "bot",
                    Server = "crm",
                    Tool = "send",
                    Rule = "/tools/send",
                    Caller = "ana",
                    CallerIssuer = "corp",
                    CallerClient = "batch",
                    CallerActor = "robot",
                },
                1000),
            "stream" => AuditEncoder.Stream("c1", "bot", caller, "crm", 1000, new ResultRecord([], null, null)),
            _ => FoldedLine.Of(
                new FoldKey("bot", "crm", "/tools/send", RefusalCategory.Denied, FoldKey.Of(caller)), 7, 0, 900, 1000),
        }).ToArray();

        var record = JsonElement.Parse(line);
        Assert.Equal(
            (kind, "corp", "batch", "ana", "robot"),
            (Text("kind"), Text("callerIssuer"), Text("callerClient"), Text("caller"), Text("callerActor")));
        Assert.True(ErasableValues.TryRead(line.AsSpan()[..^1], out var values));
        Assert.Equal((2, true, true), (values.Count, values.IsKept(0), values.IsKept(1)));

        string? Text(string name) => record.GetProperty(name).GetString();
    }

    [Fact]
    public void Many_threads_write_records_beside_each_other()
    {
        var calls = AnyCall.Sample(200).ToArray();
        Parallel.For(0, 4000, i =>
        {
            var call = calls[i % calls.Length];
            var record = new DecisionRecord { Rule = call.IdText };
            var actual = AuditEncoder.Decision(call, record).ToArray();
            Assert.Equal(PlainEncoder.Decision(call, record, actual), actual);
        });
    }

    private static McpMessage Message(string arguments, McpReadBounds? options = null) => McpReader.Read(
        Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{{{arguments}}}}}"""),
        options ?? McpReadBounds.Default).Message!;

    /// <summary>An object with these names, escaped wherever possible or nowhere that it need not be.</summary>
    private static byte[] Object(string[] names, bool isEscaped, string value, string space)
    {
        var members = names.Select(name => space + Quoted(name, isEscaped) + space + ":" + space + value);
        return Encoding.UTF8.GetBytes("{" + string.Join(space + ",", members) + space + "}");
    }

    private static string Quoted(string name, bool isEscaped) => isEscaped
        ? "\"" + string.Concat(name.EnumerateRunes().SelectMany(static rune => rune.ToString())
            .Select(static unit => $"\\u{(int)unit:x4}")) + "\""
        : JsonSerializer.Serialize(name, Relaxed);

    private static JsonSerializerOptions Relaxed { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Call(
        string IdText, string GrantName, string ServerName, string? PolicyName, string? PolicySha256,
        string? SessionCounterId, long NowMs, long ArrivedMs) : IAuditedCall
    {
        public required McpMessage Message { get; init; }

        public Caller? Caller { get; init; }
    }
}
