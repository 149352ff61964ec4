using Gateway.Policy.Tools.Testing;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Tools.Testing;

public class CallTestTests
{
    private const string Otp = """
        "tools":{
          "otp":{"limits":[{"counter":"otp","window":"minute","max":10}]},
          "pay":{"action":"approve","deny_if":[{"path":"args.amount","op":"gt","value":10}],
                 "limits":[{"counter":"paid","window":"day","max":2}]},
          "spend":{"limits":[{"counter":"spent","window":"day","max":"25.00","increment_from":"args.amount"}]},
          "office":{"require":[{"time":{"zone":"UTC","days":["mon-fri"],"hours":["09:00-18:00"]}}]},
          "send":{"limits":[{"counter":"each","window":"day","max":2,"by":"args.to","keys_max":2}]},
          "own":{"limits":[{"counter":"own","window":"day","max":2,"scope":"subject","keys_max":2}]},
          "group":{"require":[{"path":"caller.claims.groups","op":"has","value":"agents"}]},
          "daily":{"limits":[{"counter":"daily","window":"day","max":2,"zone":"Europe/Berlin"}]},
          "slide":{"limits":[{"counter":"slid","window":"minute","max":2,"kind":"sliding"}]}}
        """;

    [Fact]
    public void Counts_a_sequence_of_calls_as_the_engine_does_and_lets_time_go_by() => Passes("""
        {"call":{"tool":"otp"},"times":10,"expect":"allow"},
        {"call":{"tool":"otp"},"times":2,"expect":"rate_limit","rule":"/tools/otp/limits/0"},
        {"grant":"other","call":{"tool":"otp"},"expect":"allow","rule":"/tools/otp"},
        {"at":"59s","call":{"tool":"otp"},"expect":"rate_limit"},
        {"at":"60s","call":{"tool":"otp"},"times":10,"expect":"allow"},
        {"at":"2027-06-30T09:00:00Z","call":{"tool":"otp"},"times":10,"expect":"allow"}
        """);

    [Fact]
    public void Knows_denials_requests_for_approval_and_amounts() => Passes("""
        {"call":{"tool":"other"},"expect":"deny","rule":"(default deny)"},
        {"call":{"tool":"pay","arguments":{"amount":11}},"expect":"deny","rule":"/tools/pay/deny_if/0"},
        {"call":{"tool":"pay","arguments":{"amount":10}},"times":5,"expect":"ask","rule":"/tools/pay/action"},
        {"call":{"tool":"spend","arguments":{"amount":"24.99"}},"expect":"allow"},
        {"call":{"tool":"spend","arguments":{"amount":0.02}},"expect":"rate_limit"},
        {"call":{"tool":"spend","arguments":{"amount":0.01}},"expect":"allow"},
        {"call":{"tool":"spend"},"expect":"deny","rule":"/tools/spend/limits/0/increment_from"}
        """);

    [Fact]
    public void Slides_as_the_engine_does() => Passes("""
        {"call":{"tool":"slide"},"times":2,"expect":"allow"},
        {"at":"59s","call":{"tool":"slide"},"expect":"rate_limit"},
        {"at":"70s","call":{"tool":"slide"},"times":2,"expect":"allow"},
        {"at":"129s","call":{"tool":"slide"},"expect":"rate_limit"}
        """);

    [Fact]
    public void Counts_the_dates_of_a_zone_over_a_change_of_its_hour() => Passes("""
        {"at":"2026-10-24T21:59:59Z","call":{"tool":"daily"},"times":2,"expect":"allow"},
        {"at":"1s","call":{"tool":"daily"},"times":2,"expect":"allow"},
        {"at":"2026-10-25T22:59:59Z","call":{"tool":"daily"},"expect":"rate_limit","rule":"/tools/daily/limits/0"},
        {"at":"2026-10-25T23:00:00Z","call":{"tool":"daily"},"times":2,"expect":"allow"}
        """);

    [Fact]
    public void Counts_each_value_apart() => Passes("""
        {"call":{"tool":"send","arguments":{"to":"ann"}},"times":2,"expect":"allow"},
        {"call":{"tool":"send","arguments":{"to":"bob"}},"times":2,"expect":"allow"},
        {"call":{"tool":"send","arguments":{"to":"ann"}},"expect":"rate_limit","rule":"/tools/send/limits/0"},
        {"call":{"tool":"send","arguments":{"to":"eve"}},"expect":"deny","rule":"(too many values)"},
        {"call":{"tool":"send"},"expect":"deny","rule":"/tools/send/limits/0/by"},
        {"at":"24h","call":{"tool":"send","arguments":{"to":"eve"}},"expect":"allow"}
        """);

    [Fact]
    public void Counts_each_person_apart_over_all_grants() => Passes("""
        {"caller":{"issuer":"corp","subject":"ana"},"call":{"tool":"own"},"expect":"allow"},
        {"grant":"other","caller":{"issuer":"corp","subject":"ana"},"call":{"tool":"own"},"expect":"allow"},
        {"caller":{"issuer":"corp","subject":"ana"},"call":{"tool":"own"},"expect":"rate_limit"},
        {"caller":{"issuer":"corp","subject":"bob"},"call":{"tool":"own"},"times":2,"expect":"allow"},
        {"caller":{"issuer":"corp","subject":"eve"},"call":{"tool":"own"},"expect":"deny","rule":"(too many values)"},
        {"call":{"tool":"own"},"expect":"deny","rule":"/tools/own/limits/0/scope"}
        """);

    [Fact]
    public void Reads_the_claims_of_a_caller() => Passes("""
        {"caller":{"issuer":"corp","subject":"ana","claims":{"groups":["agents"]}},"call":{"tool":"group"},
         "expect":"allow"},
        {"caller":{"issuer":"corp","subject":"ana","claims":{"groups":["not-agents"]}},"call":{"tool":"group"},
         "expect":"deny","rule":"/tools/group/require/0"},
        {"call":{"tool":"group","arguments":{"caller":{"claims":{"groups":["agents"]}}}},"expect":"deny"}
        """);

    [Fact]
    public void Knows_what_time_it_is() => Passes("""
        {"at":"2026-01-05T08:59:59Z","call":{"tool":"office"},"expect":"deny","rule":"/tools/office/require/0"},
        {"at":"1s","call":{"tool":"office"},"expect":"allow"},
        {"at":"2026-01-10T12:00:00Z","call":{"tool":"office"},"expect":"deny"}
        """);

    [Fact]
    public void Says_where_a_test_fails_and_which_of_its_calls()
    {
        var report = Run("""
            {"call":{"tool":"list"},"expect":"deny"},
            { "name":"eleven", "call":{"tool":"otp"},"times":12,"expect":"allow"}
            """);

        Assert.Equal([true, false], report.Results.Select(result => result.Passed));
        var failure = Assert.Single(report.Failures);
        Assert.Equal(("/tests/1", "tests.json"), (failure.Pointer, failure.File));
        Assert.True(failure.Line > 1);
        Assert.StartsWith("the test \"eleven\" expects allow, but got call 11 of 12: rate_limit by /tools/otp/limits/0",
            failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"call\":{\"tool\":\"list\"},\"expect\":\"deny\"}]")]
    [InlineData("{\"tests\":[{\"call\":{\"tool\":\"list\"},\"expect\":\"deny\"}]}")]
    public void Reads_a_file_of_tests_too(string text) =>
        Assert.True(Assert.Single(RunText(text).Results).Passed);

    [Theory]
    [InlineData("[{\"expect\":\"deny\"}]", "/0", "\"call\" is missing")]
    [InlineData("[{\"call\":{},\"expect\":\"deny\"}]", "/0/call", "\"tool\" is missing")]
    [InlineData("[{\"call\":{\"tool\":\"t\"}}]", "/0", "\"expect\" is missing")]
    [InlineData("[{\"call\":{\"tool\":\"t\"},\"expect\":\"denied\"}]", "/0/expect", "not \"denied\"")]
    [InlineData("[{\"call\":{\"tool\":\"t\",\"args\":{}},\"expect\":\"deny\"}]", "/0/call/args", "no member \"args\"")]
    [InlineData("[{\"call\":{\"tool\":\"t\",\"arguments\":[]},\"expect\":\"deny\"}]", "/0/call/arguments", "an object")]
    [InlineData("[{\"call\":{\"tool\":\"t\"},\"expect\":\"deny\",\"times\":0}]", "/0/times", "from 1 to 100000")]
    [InlineData("[{\"call\":{\"tool\":\"t\"},\"expect\":\"deny\",\"at\":\"soon\"}]", "/0/at", "\"61s\"")]
    [InlineData("[{\"call\":{\"tool\":\"t\"},\"expect\":\"deny\",\"grant\":\"\"}]", "/0/grant", "valid grant name")]
    [InlineData("[{\"at\":\"2h\",\"call\":{\"tool\":\"t\"},\"expect\":\"deny\"},"
        + "{\"at\":\"1h\",\"call\":{\"tool\":\"t\"},\"expect\":\"deny\"}]", "/1/at", "in order of time")]
    [InlineData("[{\"at\":\"2026-01-02\",\"call\":{\"tool\":\"t\"},\"expect\":\"deny\"},"
        + "{\"at\":\"2026-01-01\",\"call\":{\"tool\":\"t\"},\"expect\":\"deny\"}]", "/1/at", "in order of time")]
    [InlineData("[{\"call\":{\"tool\":\"t\"},\"expect\":\"deny\",\"times\":99999},"
        + "{\"call\":{\"tool\":\"t\"},\"expect\":\"deny\",\"times\":2}]", "", "more than 100000 calls")]
    [InlineData("[{\"caller\":{\"issuer\":\"i\"},\"call\":{\"tool\":\"t\"},\"expect\":\"deny\"}]",
        "/0/caller", "\"subject\" is missing")]
    [InlineData("[{\"caller\":{\"issuer\":\"i\",\"subject\":\"\"},\"call\":{\"tool\":\"t\"},\"expect\":\"deny\"}]",
        "/0/caller/subject", "is empty")]
    [InlineData("[{\"caller\":{\"issuer\":\"i\",\"subject\":\"s\",\"claims\":[]},\"call\":{\"tool\":\"t\"},"
        + "\"expect\":\"deny\"}]", "/0/caller/claims", "an object")]
    [InlineData("[{\"caller\":{\"issuer\":\"i\",\"subject\":\"s\",\"act\":{}},\"call\":{\"tool\":\"t\"},"
        + "\"expect\":\"deny\"}]", "/0/caller/act", "\"subject\" is missing")]
    [InlineData("{}", "", "\"tests\" is missing")]
    [InlineData("{\"test\":[]}", "/test", "no member \"test\"")]
    [InlineData("7", "", "an array of calls")]
    [InlineData("[", "/0", "")]
    public void Refuses_what_is_no_test_with_its_place(string text, string pointer, string message)
    {
        var report = RunText(text);

        Assert.Empty(report.Results);
        Assert.Contains(report.Problems, problem =>
            problem.Pointer == pointer && problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Refuses_a_document_whose_tests_are_wrong()
    {
        var loaded = Load(Document("\"tests\":[{\"call\":{\"tool\":\"t\"},\"expect\":\"maybe\"}]"));

        Assert.Null(loaded.Policy);
        Assert.Equal("/tests/0/expect", Assert.Single(loaded.Problems).Pointer);
    }

    private static void Passes(string tests)
    {
        var report = Run(tests);
        Assert.Empty(report.Failures);
        Assert.NotEmpty(report.Results);
    }

    private static CallTestReport Run(string tests) => RunText(Document($"{Otp},\n\"tests\":[\n{tests}\n]"));

    private static CallTestReport RunText(string text)
    {
        var policy = Load(Document(Otp)).Policy!;
        return CallTests.Run(policy, Encoding.UTF8.GetBytes(text), "tests.json");
    }
}
