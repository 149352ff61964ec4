using Gateway.Policy.Tests.Documents;
using static Gateway.Policy.Tests.Conditions.OperatorTests;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Conditions;

public class FoldersTests
{
    private const string Reports = "[\"/srv/reports\"]";
    private const string Settings = "[\".github\",\"docs/a\"]";

    [Theory]
    [InlineData(Reports, "/srv/reports", Holds)]
    [InlineData(Reports, "/srv/reports/", Holds)]
    [InlineData(Reports, "/srv/reports/2026/a.csv", Holds)]
    [InlineData(Reports, "/srv//reports/./a", Holds)]
    [InlineData(Reports, "/srv/reports/bücher/文档", Holds)]
    [InlineData(Reports, "/srv/reports/..a/b..c", Holds)]
    [InlineData(Reports, "/srv/reports/50%", Holds)]
    [InlineData(Reports, "/srv/reports-old", Fails)]
    [InlineData(Reports, "/srv", Fails)]
    [InlineData(Reports, "/", Fails)]
    [InlineData(Reports, "/x/srv/reports", Fails)]
    [InlineData(Reports, "/文档/reports", Fails)]
    [InlineData(Reports, "/srv/Reports/a", Denies)]
    [InlineData(Reports, "/srv/reports/../../etc/passwd", Denies)]
    [InlineData(Reports, "/srv/reports/a/../b", Denies)]
    [InlineData(Reports, "/srv/reports/..", Denies)]
    [InlineData(Reports, "//srv/reports", Denies)]
    [InlineData(Reports, "srv/reports", Denies)]
    [InlineData(Reports, "", Denies)]
    [InlineData(Reports, ".", Denies)]
    [InlineData(Reports, "/srv/reports\\\\a", Denies)]
    [InlineData(Reports, "/srv/reports/%2E%2e/a", Denies)]
    [InlineData(Reports, "/srv%2freports", Denies)]
    [InlineData(Reports, "/srv/reports/%252e", Denies)]
    [InlineData(Reports, "/srv/reports/a\\u0000", Denies)]
    [InlineData(Reports, "/srv/reports/a\\n", Denies)]
    [InlineData(Reports, "/srv/reports./a", Denies)]
    [InlineData(Reports, "/srv/reports /a", Denies)]
    [InlineData(Reports, "/srv/report\\u017f", Denies)]
    [InlineData(Reports, "/srv/rep\\u200corts", Denies)]
    [InlineData(Reports, "/srv/reports/u\\u0308", Denies)]
    [InlineData(Reports, "/C:/srv/reports", Denies)]
    [InlineData(Settings, ".github/workflows/a.yml", Holds)]
    [InlineData(Settings, "./.github", Holds)]
    [InlineData(Settings, "docs/a/b", Holds)]
    [InlineData(Settings, "docs", Fails)]
    [InlineData(Settings, "docs/b", Fails)]
    [InlineData(Settings, ".", Fails)]
    [InlineData(Settings, ".GitHub/x", Denies)]
    [InlineData(Settings, "~/.github", Denies)]
    [InlineData(Settings, "./~/x", Denies)]
    [InlineData(Settings, "C:x", Denies)]
    [InlineData(Settings, "file:///srv", Denies)]
    [InlineData(Settings, "/.github", Denies)]
    [InlineData("[\"/\"]", "/etc/passwd", Holds)]
    [InlineData("[\"/\"]", "/", Holds)]
    [InlineData("[\"/\"]", "etc", Denies)]
    [InlineData("[\"/bücher\"]", "/bücher/a", Holds)]
    [InlineData("[\"/bücher\"]", "/bûcher/a", Denies)]
    [InlineData("[\"/bücher\"]", "/bucher/a", Fails)]
    public void A_path_is_compared_by_segments(string folders, string path, string expected) =>
        AssertTruth("path_in", folders, $"\"{path}\"", expected);

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[\"/srv/reports/a\"]")]
    [InlineData("{}")]
    public void Other_types_are_not_compared(string argument) =>
        AssertTruth("path_in", Reports, argument, Denies);

    [Theory]
    [InlineData("\"/a\"", 82, "", "an array of at least one folder")]
    [InlineData("[]", 82, "", "an array of at least one folder")]
    [InlineData("[\"/a\",\"b\"]", 82, "", "some of these folders are absolute")]
    [InlineData("[\"/a/\"]", 83, "/0", "write a folder of at most 512")]
    [InlineData("[\"/a\",\"/a/../b\"]", 88, "/1", "write a folder")]
    [InlineData("[\"\"]", 83, "/0", "write a folder")]
    [InlineData("[\".\"]", 83, "/0", "write a folder")]
    [InlineData("[\"~/a\"]", 83, "/0", "write a folder")]
    [InlineData("[7]", 83, "/0", "write a folder")]
    public void Other_operands_are_refused(string value, int column, string below, string message) =>
        MemberTests.AssertOneOf(
            Document("\"tools\":{\"a\":{\"require\":[{\"op\":\"path_in\",\"value\":" + value + "}]}}"),
            1, column, "/tools/a/require/0/value" + below, message);

    [Theory]
    [InlineData(100, 511, true)]
    [InlineData(101, 1, false)]
    [InlineData(1, 512, false)]
    public void Folders_have_bounds(int count, int length, bool isAccepted)
    {
        var folders = Enumerable.Repeat($"\"/{new string('a', length)}\"", count);
        var loaded = Load(Document(
            "\"all_tools\":{\"require\":[{\"path\":\"args.a\",\"op\":\"path_in\",\"value\":["
            + string.Join(',', folders) + "]}]}"));
        Assert.Equal(isAccepted, loaded.Policy is not null);
    }

    [Fact]
    public void An_absent_path_is_in_no_folder() => AssertTruth("path_in", Reports, null, Fails);
}
