using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Policy.Rules;
using PolicyCaller = Gateway.Policy.Decisions.Caller;

namespace Gateway.Admin.Policies;

/// <summary>Reads the made-up caller of a request.</summary>
internal static class Callers
{
    /// <summary>Reads the caller, null if there is none; returns the problem if it is not valid.</summary>
    public static AdminResponse? Read(JsonElement? written, out PolicyCaller? caller)
    {
        caller = null;
        if (written is not { ValueKind: not JsonValueKind.Null } given)
            return null;
        caller = CallerJson.Read(Encoding.UTF8.GetBytes(given.GetRawText()), out var problem);
        return caller is null ? Problems.Invalid(problem) : null;
    }
}
