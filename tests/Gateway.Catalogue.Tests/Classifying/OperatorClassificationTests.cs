using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Control.Documents;

namespace Gateway.Catalogue.Tests.Classifying;

/// <summary>An operator's word on a tool, and the definition that it was said of.</summary>
public sealed class OperatorClassificationTests
{
    private static readonly ToolFacts Tool = Of("""{"type":"object","properties":{"a":{},"b":{"enum":["x","y"]}}}""");

    [Fact]
    public void Stands_before_the_classifiers_word_and_is_marked_when_the_definition_changes()
    {
        var said = new OperatorClassification(
            ToolCategory.Read, RiskLevel.Low, "it only looks", "ann", DateTimeOffset.UnixEpoch,
            DefinitionHash.Of(Tool));
        var documents = new ControlSnapshot(
            1, [new ControlDocument(OperatorClassifications.KeyOf("crm", Tool.Name)!.Value, 1,
                OperatorClassifications.Write(said))]);

        var found = OperatorClassifications.Of(documents, "crm", Tool);
        var changed = OperatorClassifications.Of(documents, "crm", Tool with { Description = "Deletes it." });

        Assert.Equal((ToolCategory.Read, RiskLevel.Low), (found.Category, found.Risk));
        Assert.Equal(["ann set this on 1970-01-01: it only looks"], found.Reasons);
        Assert.Equal(2, changed.Reasons.Count);
        Assert.Contains("has changed", changed.Reasons[1], StringComparison.Ordinal);
        Assert.Equal(ToolCategory.Destructive, OperatorClassifications.Of(documents, "other", Tool).Category);
    }

    [Fact]
    public void Falls_back_to_the_classifier_where_what_is_stored_cannot_be_read() => Assert.Equal(
        ToolCategory.Destructive,
        OperatorClassifications.Of(
            new ControlSnapshot(1, [new ControlDocument(
                OperatorClassifications.KeyOf("crm", Tool.Name)!.Value, 1, "{\"category\":\"Nothing\"}"u8.ToArray())]),
            "crm", Tool).Category);

    [Fact]
    public void Secret_is_stored_as_Execute_with_its_class_which_the_previous_release_reads()
    {
        var said = new OperatorClassification(
            ToolCategory.Secret, RiskLevel.Critical, "it prints keys", "ann", DateTimeOffset.UnixEpoch, "d");
        var stored = OperatorClassifications.Write(said);

        Assert.Equal(
            """{"category":"Execute","risk":"Critical","note":"it prints keys","by":"ann","""
            + "\"at\":\"1970-01-01T00:00:00+00:00\",\"definition\":\"d\",\"class\":\"Secret\"}",
            Encoding.UTF8.GetString(stored));
        Assert.Equal(said, Find(stored));
    }

    [Theory]
    [InlineData("", ToolCategory.Write)]
    [InlineData(",\"class\":\"Secret\"", ToolCategory.Secret)]
    [InlineData(",\"class\":\"Later\"", ToolCategory.Write)]
    public void Reads_what_earlier_and_later_releases_stored(string more, ToolCategory category) => Assert.Equal(
        category,
        Find(Encoding.UTF8.GetBytes("""
            {"category":"Write","risk":"Medium","note":"n","by":"ann","at":"1970-01-01T00:00:00+00:00","definition":"d"
            """ + more + "}"))!.Category);

    private static OperatorClassification? Find(byte[] stored) => OperatorClassifications.Find(
        new ControlSnapshot(
            1, [new ControlDocument(OperatorClassifications.KeyOf("crm", Tool.Name)!.Value, 1, stored)]),
        "crm", Tool.Name);

    [Theory]
    [InlineData("a\u001bb")]
    [InlineData("a\nb")]
    public void Has_no_place_for_a_name_with_control_characters(string name) =>
        Assert.Null(OperatorClassifications.KeyOf("crm", name));

    [Fact]
    public void Takes_members_in_another_order_for_the_same_definition() => Assert.Equal(
        DefinitionHash.Of(Tool),
        DefinitionHash.Of(Of("""{ "properties": { "b": { "enum": ["x", "y"] }, "a": {} }, "type": "object" }""")));

    [Fact]
    public void Takes_whatever_else_differs_for_another_definition()
    {
        ToolFacts[] all =
        [
            Tool, Of("""{"type":"object","properties":{"a":{},"b":{"enum":["y","x"]}}}"""), Tool with { Title = "t" },
            Tool with { Description = "t" }, Tool with { Description = "" }, Tool with { IsReadOnly = true },
            Tool with { IsDestructive = true }, Tool with { OutputSchema = Tool.InputSchema },
            Tool with { Name = "delete_xt", Title = null },
        ];

        Assert.Equal(all.Length, all.Select(DefinitionHash.Of).Distinct().Count());
    }

    private static ToolFacts Of(string schema) =>
        new("delete_x", null, JsonDocument.Parse(schema).RootElement.Clone(), null, null);
}
