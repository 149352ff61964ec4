using FsCheck;
using FsCheck.Fluent;
using Gateway.Policy.Apps;
using Gateway.Policy.Classes;
using Gateway.Policy.Conditions;

namespace Gateway.Policy.Tests.Oracle;

/// <summary>Small documents and arguments that meet each other often.</summary>
internal static class RandomPolicies
{
    private static readonly Gen<string> Text =
        Gen.Elements("\"\"", "\"a\"", "\"ab\"", "\"b\"", "\"😀\"", "\"1\"", "\"1٢\"",
            "\"2026-06-01T00:00:00Z\"");

    private static readonly Gen<string> Number =
        Gen.Elements("0", "-0", "1", "1.0", "10e-1", "2", "-1", "0.5", "1e20", "1.00000000000000000001");

    public static readonly Dictionary<string, string[]> Lists = new()
    {
        ["names"] = ["a", "AB", "1", "😀"],
        ["numbers"] = ["1.0", "2", "-0"],
        ["nothing"] = [],
    };

    public static readonly Gen<string> Tool = Gen.Elements("a", "b", "ab", "abc", "bc", "abcd", "hid", "z", "a", "b",
        "ab", "abc", "bc", "abcd", "hid", "z", "A", "aB", "ａb", "аbc", "b ", "Hid", "ab\u200b", "bС", "Z");

    public static readonly Gen<string> Value = Json(depth: 2);

    public static readonly Gen<string> Arguments =
        from x in Member("x", Value)
        from y in Member("y", Gen.OneOf(Member("z", Value).Select(z => $"{{{z}}}"), Value))
        from list in Member("l", Gen.OneOf(Value.ListOf().Select(Array), Value))
        from other in Gen.Frequency((12, Gen.Constant("")), (1, Gen.Elements(
            "\"X\":1", "\"L\":[]", "\"\u200by\":{}", "\"X\\u200b\":1", "\"c\":{\"X\":1}")))
        select "{" + string.Join(',', new[] { x, other, y, list }.Where(member => member.Length > 0)) + "}";

    /// <summary>A caller as tests of a policy write it; empty for none.</summary>
    public static readonly Gen<string> Caller = Gen.Frequency(
        (1, Gen.Constant("")),
        (1,
            from issuer in Gen.Elements("a", "b")
            from subject in Text.Where(static text => text != "\"\"")
            from client in Member("client", Text)
            from actor in Gen.Elements("", "\"act\":{\"subject\":\"a\"}")
            from claims in Member("claims", Arguments)
            let members = new[] { $"\"issuer\":\"{issuer}\",\"subject\":{subject}", client, actor, claims }
            select "{" + string.Join(',', members.Where(static member => member.Length > 0)) + "}"));

    public static readonly Gen<string> Document =
        from allows in Gen.Elements("allow", "deny")
        from hide in Gen.Elements("[]", """["hid*"]""", """["b?","hid"]""")
        from all in Gen.OneOf(Gen.Constant("{}"), Entry(isTool: false))
        from names in Gen.SubListOf("a", "b", "ab", "abc", "*", "a*", "b*", "ab*")
        from entries in Entry(isTool: true).ListOf(names.Count)
        from classes in Classes
        from variants in Variants
        from pin in Pin
        from apps in Apps
        select $$"""{"version":"1","default":"{{allows}}",{{variants}}{{pin}}{{apps}}"hide":{{hide}},"all_tools":{{all}},{{classes}}"tools":{"""
            + string.Join(',', names.Zip(entries, (name, entry) => $"\"{name}\":{entry}")) + "}}";

    /// <summary>About the days on which clocks in some of the zones are changed.</summary>
    public static readonly Gen<DateTimeOffset> Instant =
        from day in Gen.Elements("2018-11-04", "2018-02-18", "2026-03-29", "2026-10-25", "2026-04-05", "2026-11-21")
        from minutes in Gen.Choose(-36 * 60, 36 * 60)
        select DateTimeOffset.Parse(day + "T00:00Z", CultureInfo.InvariantCulture).AddMinutes(minutes);

    private static Gen<string> Time =>
        from zone in Gen.Elements("America/Sao_Paulo", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
        from days in Gen.Elements(
            "", ",\"days\":[\"mon-fri\"]", ",\"days\":[\"fri-sun\",\"wed\"]", ",\"days\":[\"sun\"]")
        from hours in Gen.Elements(
            "\"09:00-18:00\"", "\"22:00-02:30\"",
            "\"02:00-03:00\",\"23:30-24:00\"", "\"00:00-24:00\"", "\"12:00-00:00\"")
        select $$"""{"time":{"zone":"{{zone}}"{{days}},"hours":[{{hours}}]} }""";

    public static Gen<ToolClass> Class => Gen.Elements(Enum.GetValues<ToolClass>());

    private static Gen<string> Classes => Gen.Frequency(
        (2, Gen.Constant("")),
        (1,
            from names in Gen.SubListOf(ToolClasses.Names.ToArray())
            from entries in Entry(isTool: true).ListOf(names.Count)
            select $"\"classes\":{{{string.Join(',', names.Zip(entries, (name, entry) => $"\"{name}\":{entry}"))}}},"));

    private static Gen<string> Variants => Gen.Elements(
        "", "", "", "\"case_variants\":\"deny\",", "\"case_variants\":\"allow\",");

    public static Gen<ToolStanding> Standing => Gen.Frequency(
        (6, Gen.Constant(ToolStanding.Accepted)), (2, Gen.Constant(ToolStanding.Unaccepted)),
        (1, Gen.Constant(ToolStanding.Blocked)));

    private static Gen<string> Pin => Gen.Elements(
        "", "", "\"pin\":\"off\",", "\"pin\":\"warn\",", "\"pin\":\"deny\",");

    private static Gen<string> Apps => Gen.Frequency(
        (2, Gen.Constant("")),
        (1,
            from allow in Member("allow", Gen.Elements("true", "false"))
            from connect in Member("connectDomains", Origins)
            from frame in Member("frameDomains", Origins)
            from csp in Member("csp", Gen.Constant(Object(connect, frame)))
            from permissions in Member("permissions", Gen.SubListOf(
                AppBounds.PermissionNames.Select(static name => $"\"{name}\"").ToArray()).Select(Array))
            select $"\"apps\":{Object(allow, csp, permissions)},"));

    private static Gen<string> Origins =>
        Gen.SubListOf("\"https://a.com\"", "\"https://*.a.com\"", "\"wss://b.com:8443\"", "\"*\"").Select(Array);

    private static string Object(params IEnumerable<string> members) =>
        $"{{{string.Join(',', members.Where(static member => member.Length > 0))}}}";

    private static Gen<string> Condition(int depth)
    {
        var leaf =
            from path in Gen.Elements(
                "args.x", "args.y.z", "args.y", "args.l[*]", "args.l[0]", "args.l[*][*]", "args.l[*].z", "args")
            from test in Test
            select $$"""{"path":"{{path}}",{{test}}}""";
        leaf = Gen.Frequency((9, leaf), (1, Time), (2, OfCaller));
        if (depth == 0)
            return leaf;
        var inner = Condition(depth - 1);
        var combined =
            from word in Gen.Elements("any", "all")
            from count in Gen.Choose(1, 3)
            from parts in inner.ListOf(count)
            select $$"""{"{{word}}":{{Array(parts)}}}""";
        return Gen.Frequency(
            (3, leaf), (1, combined), (1, inner.Select(part => $$"""{"not":{{part}}}""")));
    }

    private static bool ReadsNoParts(string test) =>
        !Operators.All.Any(op => op.ReadsParts && test.StartsWith($"\"op\":\"{op.Name}\"", StringComparison.Ordinal))
        && !test.EndsWith("\"as\":\"lower\"", StringComparison.Ordinal)
        && !test.EndsWith("\"as\":\"digits\"", StringComparison.Ordinal);

    private static Gen<string> OfCaller =>
        from path in Gen.Elements(
            "caller.subject", "caller.client", "caller.act.subject", "caller.claims.x", "caller.claims.y.z",
            "caller.claims.l[*]", "caller.claims.l")
        from test in Test.Where(ReadsNoParts)
        select $$"""{"path":"{{path}}",{{test}}}""";

    // Each kind of value as often as the others; presence more often, since it lets most calls go on.
    private static Gen<string> Test => Gen.Frequency(
    [
        (2, InList),
        .. Operators.All.GroupBy(static op => op.Operand).Select(static ops => (
            ops.Key == Operand.Flag ? 6 : 2,
            Gen.Elements(ops.ToArray()).SelectMany(static op => Op(op.Name, ValueOf(op.Operand))))),
    ]);

    private static Gen<string> ValueOf(Operand operand) =>
        operand == Operand.Any || operand == Operand.Element || operand == Operand.Part
            ? Value.Where(value => value != "\"\"")
        : operand == Operand.Values ? Value.NonEmptyListOf().Select(Array)
        : operand == Operand.Number ? Number
        : Gen.Elements(operand.Samples);

    private static Gen<string> InList =>
        from op in Gen.Elements("in", "not_in")
        from list in Gen.Elements(
            "\"names\"", "\"names\",\"as\":\"lower\"", "\"numbers\",\"as\":\"number\"", "\"numbers\",\"as\":\"digits\"",
            "\"nothing\"", "\"numbers\",\"as\":\"text\"")
        select $"\"op\":\"{op}\",\"list\":{list}";

    private static Gen<string> Entry(bool isTool) =>
        from action in Gen.Frequency(
            (5, Gen.Constant("allow")), (1, Gen.Constant("deny")), (6, Gen.Constant("approve")))
        from require in Condition(2).ListOf().Resize(2)
        from denyIf in Condition(2).ListOf().Resize(2)
        from approveIf in Condition(2).ListOf().Resize(1)
        from limits in Gen.SubListOf(1, 2, 3)
        from values in By.ListOf(limits.Count)
        from zones in Zone.ListOf(limits.Count)
        from scopes in Scope.ListOf(limits.Count)
        from variants in Variants
        from pin in Pin
        from number in Gen.Elements("", "", "\"number\":\"double\",", "\"number\":\"decimal\",")
        from show in Gen.Frequency(
            (12, Gen.Constant("")), (1, OfCaller.Select(static one => $"\"show_if\":[{one}],")))
        from places in Gen.Frequency((3, Gen.Constant("")), (1, Gen.Elements(
            "\"max_in_flight\":{\"max\":2},", "\"max_in_flight\":{\"max\":1,\"scope\":\"server\"},")))
        select "{" + places + (isTool ? $"\"action\":\"{action}\",{variants}{pin}{number}{show}" : "")
            + $"\"require\":{Array(require)},\"deny_if\":{Array(denyIf)},\"approve_if\":{Array(approveIf)},\"limits\":"
            + Array(limits.Zip(values.Zip(scopes, string.Concat), zones).Select(limit =>
                $$"""{"counter":"c{{limit.First}}",{{limit.Second}}"window":{{limit.Third}},"max":100}""")) + "}";

    private static Gen<string> Scope => Gen.Frequency(
        (10, Gen.Constant("")),
        (2, Gen.Constant("\"scope\":\"subject\",\"without\":\"grant\",")),
        (2, Gen.Constant("\"scope\":\"subject\",")));

    private static Gen<string> Zone => Gen.Frequency(
        (4, Gen.Constant("60")),
        (1, Gen.Elements("Asia/Kathmandu", "Europe/Berlin").Select(zone => $"\"day\",\"zone\":\"{zone}\"")));

    private static Gen<string> By
    {
        get
        {
            var one =
                from path in Gen.Elements("args.x", "args.y.z", "args.l[0]", "caller.client", "caller.claims.x")
                from form in Gen.Elements("", ",\"as\":\"text\"", ",\"as\":\"lower\"", ",\"as\":\"digits\"",
                    ",\"as\":\"number\"")
                from isShort in Gen.Elements(true, false)
                select isShort ? $"\"{path}\"" : $$"""{"path":"{{path}}"{{form}}}""";
            var two = one.Select(value => $"[{value},\"args.y\"]");
            return Gen.Frequency((9, Gen.Constant("")), (1, Gen.OneOf(one, two).Select(value => $"\"by\":{value},")));
        }
    }

    private static Gen<string> Json(int depth)
    {
        var plain = Gen.OneOf(Text, Number, Gen.Elements("null", "true", "false"));
        if (depth == 0)
            return plain;
        var inner = Json(depth - 1);
        return Gen.Frequency(
            (48, plain),
            (8, inner.ListOf().Resize(2).Select(Array)),
            (8, inner.Select(z => $$"""{"z":{{z}}}""")),
            (1, inner.Select(z => $$"""{"Z":{{z}}}""")),
            (8, Gen.Constant("{}")));
    }

    private static Gen<string> Op(string op, Gen<string> value) =>
        value.Select(v => $"\"op\":\"{op}\",\"value\":{v}");

    private static Gen<string> Member(string name, Gen<string> value) =>
        Gen.Frequency((1, Gen.Constant("")), (5, value.Select(v => $"\"{name}\":{v}")));

    private static string Array(IEnumerable<string> items) => $"[{string.Join(',', items)}]";
}
