using Gateway.Control.Contracts;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Policy.Documents;

namespace Gateway.Control.Tests.Contracts;

public sealed class BudgetSpecTests
{
    public static TheoryData<string> Names => [.. BudgetSpec.Members.Select(static member => member.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_member_is_read_and_written_again(string name)
    {
        var member = BudgetSpec.Members.Single(one => one.Name == name);
        var json = JsonNode.Parse("""{ "window": "day", "max": 5, "services": [] }""")!.AsObject();
        json[name] = JsonNode.Parse(member.Declared.Example);

        var budget = BudgetReader.Load("mail", Encoding.UTF8.GetBytes(json.ToJsonString()), out var problems);
        Assert.Empty(problems);
        var stored = BudgetDocument.Write(budget!);
        var spec = JsonSerializer.Deserialize(stored, SpecJson.Default.BudgetSpec)!;

        Assert.Equal(name != "keyed", member.Get(spec) is not null);
        Assert.Equal(stored, BudgetDocument.Write(BudgetReader.Load("mail", stored, out _)!));
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

    [Fact]
    public void The_published_schema_has_every_member() => SchemaFile.AssertCurrent(
        static schema => SchemaFile.WithMembers(schema, SpecJson.Default.BudgetSpec));
}
