using Gateway.Policy.Json;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads the top level of a document.</summary>
internal static class PolicyDocumentReader
{
    /// <summary>Reads the document. The result is only valid if no error was reported.</summary>
    public static PolicyDocument Read(JsonNode root, DocumentContext context)
    {
        if (MemberReader.Open(root, JsonPointer.Root, "a policy document", context) is not { } members)
            return new PolicyDocument();
        RequireVersion(members);
        var defaultNode = members.Required("default", "write \"deny\" or \"allow\"");
        members.Text("description");
        members.Text("$schema");
        var allTools = ReadAllTools(members.Optional("all_tools"), context);
        var tests = CallTestReader.ReadAll(members.Optional("tests"), "/tests", context);
        var document = new PolicyDocument
        {
            DefaultAllows = members.Choice(defaultNode, "default", "allow", "deny") == "allow",
            IsShadow = ModeReader.Read(members) ?? false,
            AllowsVariants = VariantsReader.Read(members) ?? false,
            Pin = PinReader.Read(members) ?? PinLevel.Off,
            HasTests = !tests.IsEmpty,
            ShowsLimits = members.Flag(members.Optional("show_limits"), "show_limits") ?? false,
            Extensions = ExtensionsReader.Read(members),
            Apps = AppsReader.Read(members),
            Recording = RecordingReader.Read(members),
            Hide = PatternReader.ReadList(members, "hide", GlobStyle.Name),
            AllTools = allTools,
            Tools = ToolEntryReader.ReadAll(members.Optional("tools"), allTools, context),
            Classes = ToolEntryReader.ReadClasses(members.Optional("classes"), allTools, context),
            Resources = SectionReader.Read(members.Optional("resources"), "resources", GlobStyle.Uri, context),
            Prompts = SectionReader.Read(members.Optional("prompts"), "prompts", GlobStyle.Name, context),
        };
        members.RefuseOthers();
        return document;
    }

    private static void RequireVersion(MemberReader members)
    {
        if (members.Required("version", "write \"version\": \"1\"") is not { } node)
            return;
        if (node.Kind != JsonKind.String)
            members.WrongType(node, "version", "the string \"1\"");
        else if (node.Text != "1")
            members.Error(node, members.PointerTo("version"),
                $"version \"{Spelling.Shorten(node.Text)}\" is not supported: write \"1\"");
    }

    private static AllToolsDocument ReadAllTools(JsonNode? node, DocumentContext context)
    {
        if (node is null || MemberReader.Open(node, "/all_tools", "\"all_tools\"", context) is not { } members)
            return new AllToolsDocument();
        var limits = LimitReader.ReadList(members);
        LimitReader.WarnOfLoneSessions(limits, context.Problems);
        var allTools = new AllToolsDocument
        {
            Written = node,
            Require = ConditionReader.ReadList(members, "require"),
            DenyIf = ConditionReader.ReadList(members, "deny_if"),
            ApproveIf = ConditionReader.ReadList(members, "approve_if"),
            Limits = limits,
            Budgets = BudgetUseReader.ReadList(members),
            InFlight = InFlightReader.Read(members),
            Results = ResultsReader.Read(members),
        };
        members.RefuseOthers();
        return allTools;
    }
}
