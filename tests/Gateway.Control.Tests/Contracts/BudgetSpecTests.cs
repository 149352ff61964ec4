using Gateway.Control.Contracts;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Policy.Budgets;
using Gateway.Policy.Documents;

namespace Gateway.Control.Tests.Contracts;

public sealed class BudgetSpecTests
{
    private const long NowMs = 1_772_366_400_000;

    public static TheoryData<string> Names => [.. BudgetSpec.Members.Select(static member => member.Name)];

    [Fact]
    public void Warns_of_a_budget_that_nobody_may_charge()
    {
        using var folder = new TestFolder();
        var path = folder.File(
            "gateway.json", """{ "budgets": { "a": { "window": "day", "max": 1, "services": [], "domains": [] } } }""");

        var result = ConfigLoader.Load(path, static _ => null);

        Assert.Empty(result.Problems);
        var warning = Assert.Single(result.Warnings);
        Assert.Equal("/budgets/a/services", warning.Pointer);
        Assert.StartsWith("nobody may charge this budget", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_member_is_read_and_written_again(string name)
    {
        var member = BudgetSpec.Members.Single(one => one.Name == name);
        var json = JsonNode.Parse("""{ "window": "day", "max": 5, "services": ["mailer"] }""")!.AsObject();
        json[name] = JsonNode.Parse(member.Declared.Example);

        var budget = BudgetReader.Load("mail", Encoding.UTF8.GetBytes(json.ToJsonString()), out var problems);
        Assert.Empty(problems);
        var stored = BudgetDocument.Write(budget!, NowMs);
        var spec = JsonSerializer.Deserialize(stored, SpecJson.Default.BudgetSpec)!;

        Assert.Equal(name != "keyed", member.Get(spec) is not null);
        Assert.Equal(stored, BudgetDocument.Write(BudgetReader.Load("mail", stored, out _)!, NowMs));
    }

    [Fact]
    public void An_unreadable_stored_budget_is_reported_and_absent_so_that_its_calls_are_denied()
    {
        var key = new ControlKey(ControlKinds.Budgets, "mail");
        var documents = new ControlSnapshot(
            1, [new ControlDocument(key, 1, """{"window":"day","max":5,"added":1,"grants":["*"]}"""u8.ToArray())]);

        var reader = new DocumentReader(SecretProtector.Opening(ControlSnapshot.Empty));
        var objects = reader.Read(documents, out var problems);

        Assert.Empty(objects.Budgets);
        Assert.Contains(
            "budgets/mail in the control store is not active", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{ "by": 0, "until": "2027-01-01T00:00:00Z", "reason": "r" }]""", "/topUps/0/by")]
    [InlineData("""[{ "by": -1, "until": "2027-01-01T00:00:00Z", "reason": "r" }]""", "/topUps/0/by")]
    [InlineData("""[{ "by": 1, "until": "2d", "reason": "r" }]""", "/topUps/0/until")]
    [InlineData("""[{ "by": 1, "until": "2027-01-01T00:00:00Z", "reason": " " }]""", "/topUps/0/reason")]
    [InlineData("""[{ "by": 1, "until": "2027-01-01T00:00:00Z" }]""", "/topUps/0")]
    [InlineData("""[{ "by": 1, "until": "2027-01-01T00:00:00Z", "reason": "r", "more": 1 }]""", "/topUps/0/more")]
    [InlineData("""[{ "by": 999999999999999999, "until": "2027-01-01T00:00:00Z", "reason": "r" }]""", "/topUps/0")]
    [InlineData("{}", "/topUps")]
    public void An_invalid_top_up_is_refused_at_its_place(string topUps, string pointer)
    {
        var json = $$"""{ "window": "day", "max": 5, "services": ["mailer"], "topUps": {{topUps}} }""";
        Assert.Null(BudgetReader.Load("mail", Encoding.UTF8.GetBytes(json), out var problems));
        Assert.Equal(pointer, Assert.Single(problems).Pointer);
    }

    [Theory]
    [InlineData("[80, 80]", "/notifyAt/1")]
    [InlineData("[0]", "/notifyAt/0")]
    [InlineData("[101]", "/notifyAt/0")]
    [InlineData("[0.8]", "/notifyAt/0")]
    [InlineData("[1, 2, 3, 4, 5, 6]", "/notifyAt")]
    public void An_invalid_percentage_is_refused_at_its_place(string notifyAt, string pointer)
    {
        var json = $$"""{ "window": "day", "max": 5, "services": ["mailer"], "notifyAt": {{notifyAt}} }""";
        Assert.Null(BudgetReader.Load("mail", Encoding.UTF8.GetBytes(json), out var problems));
        Assert.Equal(pointer, Assert.Single(problems).Pointer);
    }

    [Fact]
    public void A_bucket_and_more_than_32_top_ups_are_refused()
    {
        const string topUp = """{ "by": 1, "until": "2027-01-01T00:00:00Z", "reason": "r" }""";
        var many = string.Join(',', Enumerable.Repeat(topUp, 33));
        Assert.Null(Read($$"""{ "window": "day", "max": 5, "services": ["mailer"], "topUps": [{{many}}] }"""));
        Assert.NotNull(Read(
            $$"""{ "window": "day", "max": 5, "services": ["mailer"], "topUps": [{{many[(topUp.Length + 1)..]}}] }"""));
        Assert.Null(Read(
            $$"""{ "window": "day", "max": 5, "kind": "bucket", "services": ["mailer"], "topUps": [{{topUp}}] }"""));

        static Budget? Read(string json) => BudgetReader.Load("mail", Encoding.UTF8.GetBytes(json), out _);
    }

    [Fact]
    public void A_written_budget_has_no_top_up_that_has_ended_and_its_maximum_ends_by_itself()
    {
        var budget = BudgetReader.Load("mail", """
            { "window": "day", "max": 5, "services": ["mailer"], "topUps": [
              { "by": 2, "until": "2026-03-01T13:00:00Z", "reason": "first" },
              { "by": "0.5", "until": "2026-03-01T14:00:00Z", "reason": "second" } ] }
            """u8.ToArray(), out _)!;
        var endMs = budget.TopUps[0].UntilMs;

        Assert.Equal(
            ["7.5", "5.5", "5"],
            ((long[])[endMs - 1, endMs, endMs + 3_600_000]).Select(ms => budget.MaxAt(ms).ToString()));
        var stored = Encoding.UTF8.GetString(BudgetDocument.Write(budget, endMs));
        Assert.DoesNotContain("first", stored, StringComparison.Ordinal);
        Assert.Contains(
            """topUps":[{"by":"0.5","until":"2026-03-01T14:00:00.000Z","reason":"second"}]""", stored,
            StringComparison.Ordinal);
        var later = Encoding.UTF8.GetString(BudgetDocument.Write(budget, endMs + 3_600_000));
        Assert.DoesNotContain("topUps", later, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_schema_has_every_member() => SchemaFile.AssertCurrent(
        static schema => SchemaFile.WithMembers(
            SchemaFile.WithMembers(schema, SpecJson.Default.BudgetSpec), SpecJson.Default.TopUpSpec));
}
