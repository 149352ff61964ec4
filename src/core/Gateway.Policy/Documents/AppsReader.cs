using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Apps;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>apps</c>, the bounds of apps.</summary>
internal static class AppsReader
{
    private const string Name = "apps";
    private const string Permissions = "permissions";

    public static AppRules Read(MemberReader document)
    {
        if (document.Optional(Name) is not { } node
            || MemberReader.Open(node, document.PointerTo(Name), $"\"{Name}\"", document.Context) is not { } members)
            return AppRules.Default;
        var rules = new AppRules(
            members.Flag(members.Optional("allow"), "allow") ?? true, ReadCsp(members), ReadPermissions(members));
        members.RefuseOthers();
        return rules;
    }

    private static FrozenDictionary<string, ImmutableArray<AppOrigin>>? ReadCsp(MemberReader owner)
    {
        const string name = "csp";
        if (owner.Optional(name) is not { } node
            || MemberReader.Open(node, owner.PointerTo(name), $"\"{name}\"", owner.Context) is not { } members)
            return null;
        var origins = AppBounds.CspMembers.ToFrozenDictionary(
            static member => member, member => ReadOrigins(members, member), StringComparer.Ordinal);
        members.RefuseOthers();
        return origins;
    }

    private static ImmutableArray<AppOrigin> ReadOrigins(MemberReader members, string name)
    {
        var origins = ImmutableArray.CreateBuilder<AppOrigin>();
        var node = members.Optional(name);
        foreach (var (item, at) in members.Items(node, name))
        {
            if (item.Kind != JsonKind.String)
                members.Error(item, at, $"an origin is a string, not {MemberReader.Describe(item)}");
            else if (AppOrigin.Of(item.Text) is { IsPolicySource: true } origin)
                origins.Add(origin);
            else
                members.Error(item, at, $"\"{Spelling.Shorten(item.Text)}\" is not an origin: write a scheme, a host "
                    + "and possibly a port, such as \"https://*.example.com\", or \"*\" for all origins that an app "
                    + "declares");
        }

        if (origins.Count > AppBounds.OriginsMax)
            members.Error(node!, members.PointerTo(name), $"\"{name}\" has at most {AppBounds.OriginsMax} entries");
        return origins.ToImmutable();
    }

    private static FrozenSet<string>? ReadPermissions(MemberReader members)
    {
        if (members.Optional(Permissions) is not { } node)
            return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, at) in members.Items(node, Permissions))
        {
            if (item.Kind != JsonKind.String)
                members.Error(item, at, $"a permission is a string, not {MemberReader.Describe(item)}");
            else if (!AppBounds.PermissionNames.Contains(item.Text))
                members.Error(item, at, $"\"{Spelling.Shorten(item.Text)}\" is not a permission of apps; write "
                    + string.Join(", ", AppBounds.PermissionNames)
                    + Spelling.Suggest(item.Text, AppBounds.PermissionNames));
            else if (!names.Add(item.Text))
                members.Error(item, at, $"\"{item.Text}\" is listed twice");
        }

        return names.ToFrozenSet(StringComparer.Ordinal);
    }
}
