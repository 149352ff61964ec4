using Gateway.Control.Documents;
using Gateway.Control.Updating;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>The origin of an object; for a name in both, the configuration file takes precedence.</summary>
public static class Origins
{
    /// <summary>The object is in the configuration file.</summary>
    public const string File = "file";
    /// <summary>The object was created over the API.</summary>
    public const string Api = "api";

    /// <summary>Returns true if the file has an object of this name.</summary>
    public static bool IsProvisioned(ControlState state, string kind, string name) => kind switch
    {
        ControlKinds.Servers => state.Config.Objects.Servers.ContainsKey(name),
        ControlKinds.Policies => state.Config.Objects.Policies.ContainsKey(name),
        ControlKinds.Lists => state.Config.Objects.Lists.ContainsKey(name),
        ControlKinds.Budgets => state.Config.Objects.Budgets.ContainsKey(name),
        ControlKinds.Grants => state.Config.Objects.Grants.ContainsKey(name),
        ControlKinds.Alerts => state.Config.Alerts.ContainsKey(name),
        _ => false,
    };

    /// <summary>Returns the origin of the object of this name.</summary>
    public static string Of(ControlState state, string kind, string name) =>
        IsProvisioned(state, kind, name) ? File : Api;

    /// <summary>Returns the version for <c>If-Match</c>, or null if the file provisions the object.</summary>
    public static long? Version(ControlState state, string kind, string name) =>
        IsProvisioned(state, kind, name) ? null : state.Documents.Find(new ControlKey(kind, name))?.Version;
}
