using Gateway.Control.Documents;
using Gateway.Control.Updating;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>Where an object comes from; the file wins for a name.</summary>
public static class Origins
{
    /// <summary>It stands in the configuration file.</summary>
    public const string File = "file";
    /// <summary>It was made over the API.</summary>
    public const string Api = "api";

    /// <summary>Whether the file has an object of this name.</summary>
    public static bool IsProvisioned(ControlState state, string kind, string name) => kind switch
    {
        ControlKinds.Servers => state.Config.Objects.Servers.ContainsKey(name),
        ControlKinds.Policies => state.Config.Objects.Policies.ContainsKey(name),
        ControlKinds.Lists => state.Config.Objects.Lists.ContainsKey(name),
        ControlKinds.Grants => state.Config.Objects.Grants.ContainsKey(name),
        _ => false,
    };

    /// <summary>Where the object of this name comes from.</summary>
    public static string Of(ControlState state, string kind, string name) =>
        IsProvisioned(state, kind, name) ? File : Api;

    /// <summary>The version for <c>If-Match</c>; null for what the file provisions.</summary>
    public static long? Version(ControlState state, string kind, string name) =>
        IsProvisioned(state, kind, name) ? null : state.Documents.Find(new ControlKey(kind, name))?.Version;
}
