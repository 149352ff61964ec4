using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Policy.Apps;

/// <summary>
/// The origins and permissions that an app may have; a declaration of the app is intersected with them.
/// </summary>
/// <param name="Origins">The sources by member of <c>csp</c>; a missing member has none.</param>
/// <param name="Permissions">The names of the permissions.</param>
public sealed record AppBounds(
    FrozenDictionary<string, ImmutableArray<AppOrigin>> Origins, FrozenSet<string> Permissions)
{
    /// <summary>The maximum number of sources that an app may have in one member.</summary>
    public const int OriginsMax = 64;

    /// <summary>No origins and no permissions: the bounds of an app that nobody has accepted.</summary>
    public static AppBounds None { get; } = new(
        FrozenDictionary<string, ImmutableArray<AppOrigin>>.Empty, FrozenSet<string>.Empty);

    /// <summary>The members of <c>csp</c> (MCP Apps, UI Resource Format).</summary>
    public static ImmutableArray<string> CspMembers { get; } =
        ["connectDomains", "resourceDomains", "frameDomains", "baseUriDomains"];

    /// <summary>The permissions that an app may request (MCP Apps, UI Resource Format).</summary>
    public static ImmutableArray<string> PermissionNames { get; } =
        ["camera", "microphone", "geolocation", "clipboardWrite"];

    /// <summary>
    /// Returns the sources that pass of those that an app declares: each is within a declared and an allowed source.
    /// </summary>
    public IReadOnlyList<string> Narrowed(string member, IReadOnlyList<string> declared)
    {
        var allowed = Origins.GetValueOrDefault(member, []);
        if (allowed.IsEmpty)
            return [];
        if (allowed.Any(static one => one.Text == AppOrigin.Any))
            return [.. declared.Take(OriginsMax)];
        var passed = new List<string>();
        foreach (var one in declared.Take(OriginsMax).Select(AppOrigin.Of))
        {
            passed.AddRange(allowed.Select(one.Meet).OfType<AppOrigin>().Select(static both => both.Text)
                .Where(text => !passed.Contains(text)));
        }

        return passed;
    }
}

/// <summary>The member <c>apps</c> of a policy.</summary>
/// <param name="Allows">False if no app passes.</param>
/// <param name="Origins">The allowed origins; null for those that were accepted with the app.</param>
/// <param name="Permissions">The allowed permissions; null for those that were accepted with the app.</param>
public sealed record AppRules(
    bool Allows, FrozenDictionary<string, ImmutableArray<AppOrigin>>? Origins, FrozenSet<string>? Permissions)
{
    /// <summary>The rules of a policy without the member.</summary>
    public static AppRules Default { get; } = new(true, null, null);

    /// <summary>Returns the bounds of an app.</summary>
    /// <param name="accepted">The declaration that was accepted with it; null if it is not accepted.</param>
    public AppBounds BoundsOf(AppBounds? accepted) => new(
        Origins ?? (accepted ?? AppBounds.None).Origins, Permissions ?? (accepted ?? AppBounds.None).Permissions);
}
