using System.Collections.Immutable;
using System.Diagnostics;
using Gateway.Policy.Classes;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads the entries of <c>tools</c> and <c>classes</c>.</summary>
internal static class ToolEntryReader
{
    public static ImmutableArray<ToolEntryDocument> ReadAll(
        JsonNode? tools, AllToolsDocument allTools, DocumentContext context)
    {
        if (tools is null)
            return [];
        if (tools.Kind != JsonKind.Object)
        {
            context.Problems.Error(tools.Offset, "/tools",
                $"\"tools\" must be an object of entries by tool name, not {MemberReader.Describe(tools)}");
            return [];
        }

        var entries = ImmutableArray.CreateBuilder<ToolEntryDocument>(tools.Members.Length);
        foreach (var member in tools.Members)
        {
            var pointer = JsonPointer.Append("/tools", member.Name);
            var glob = PatternReader.Read(member.Name, GlobStyle.Name, member.NameOffset, pointer, context);
            var own = NumberReader.ContextOf(member.Value, context);
            if (MemberReader.Open(member.Value, pointer, "a tool entry", own) is not { } members)
                continue;
            var entry = Read(members, glob ?? new Glob("*", GlobStyle.Name), member, member.Name, allTools);
            if (glob is not null)
                entries.Add(entry);
        }

        return entries.ToImmutable();
    }

    public static ImmutableArray<ToolEntryDocument> ReadClasses(
        JsonNode? classes, AllToolsDocument allTools, DocumentContext context)
    {
        if (classes is null
            || MemberReader.Open(classes, "/classes", "\"classes\"", context) is not { } members)
            return [];
        var entries = ImmutableArray.CreateBuilder<ToolEntryDocument>(classes.Members.Length);
        foreach (var member in classes.Members)
        {
            var pointer = members.PointerTo(member.Name);
            if (ToolClasses.Of(member.Name) is not { } toolClass)
            {
                context.Problems.Error(member.NameOffset, pointer,
                    $"there is no class \"{Spelling.Shorten(member.Name)}\"; the classes are "
                    + $"{string.Join(", ", ToolClasses.Names)}{Spelling.Suggest(member.Name, ToolClasses.Names)}");
                continue;
            }

            var own = NumberReader.ContextOf(member.Value, context);
            // No tool has a space in its name, so that no entry of a tool has a counter of this name.
            var name = $"class {member.Name}";
            if (MemberReader.Open(member.Value, pointer, "a class entry", own) is { } entry)
            {
                entries.Add(Read(entry, new Glob(name, GlobStyle.Name), member, name, allTools) with
                {
                    Class = toolClass,
                });
            }
        }

        return entries.ToImmutable();
    }

    private static ToolEntryDocument Read(
        MemberReader members, Glob name, JsonMember member, string counter, AllToolsDocument allTools)
    {
        var action = ReadAction(members);
        var reason = members.Text("reason");
        var limits = LimitReader.ReadList(members);
        if (LimitReader.ReadShort(members, counter) is { } shortForm)
            limits = limits.Add(shortForm);
        LimitReader.WarnOfLoneSessions(limits, members.Context.Problems);
        if (action == ToolAction.RateLimit
            && members.Optional("limits") is not { Items.Length: > 0 } && members.Optional("rate_limit") is null
            && members.Optional("budgets") is not { Items.Length: > 0 })
        {
            members.Context.Problems.Error(members.OffsetOfName("action"), members.PointerTo("action"),
                "\"action\": \"rate_limit\" needs a limit: add \"limits\" or \"rate_limit\"");
        }

        var approveIf = ConditionReader.ReadList(members, "approve_if");
        var isAsked = action == ToolAction.Approve || !approveIf.IsEmpty || !allTools.ApproveIf.IsEmpty;
        var entry = new ToolEntryDocument
        {
            Name = name,
            Written = member.Value,
            Pointer = members.Pointer,
            NameOffset = member.NameOffset,
            Action = action,
            Reason = reason,
            IsShadow = ModeReader.Read(members),
            AllowsVariants = VariantsReader.Read(members),
            Pin = PinReader.Read(members),
            ReadsDecimals = NumberReader.ReadsDecimals(members),
            Limits = limits,
            Rounds = RoundsReader.Read(members),
            Arguments = ArgumentsReader.Read(members),
            Approval = ApprovalReader.Read(members, isAsked),
            Sha256 = isAsked ? RuleDigest.Of(allTools.Written, member.Value) : null,
            ShowIf = ConditionReader.ReadShowIf(members),
            Require = ConditionReader.ReadList(members, "require"),
            DenyIf = ConditionReader.ReadList(members, "deny_if"),
            ApproveIf = approveIf,
            Budgets = BudgetUseReader.ReadList(members),
            InFlight = InFlightReader.Read(members),
            Results = ResultsReader.Read(members),
        };
        members.RefuseOthers();
        return entry;
    }

    private static ToolAction ReadAction(MemberReader members) => members.Choice(
        members.Optional("action"), "action", "allow", "deny", "approve", "require_approval", "rate_limit") switch
    {
        "deny" => ToolAction.Deny,
        "rate_limit" => ToolAction.RateLimit,
        "approve" or "require_approval" => ToolAction.Approve,
        "allow" or null => ToolAction.Allow,
        var other => throw new UnreachableException(other),
    };
}
