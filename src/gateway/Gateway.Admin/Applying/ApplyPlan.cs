using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Documents;

namespace Gateway.Admin.Applying;

/// <summary>The changes that documents require, and all their errors.</summary>
internal sealed class ApplyPlan
{
    public const string Create = "create";
    public const string Change = "change";
    public const string Unchanged = "unchanged";
    public const string Delete = "delete";

    public List<ProblemPlace> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>The changes in the order in which they are made: referenced objects come first.</summary>
    public List<(AppliedChange Shown, DocumentChange? Made)> Changes { get; } = [];

    public Dictionary<string, string> Tokens { get; } = [];

    private readonly HashSet<string> _objects = new(StringComparer.Ordinal);

    public bool Has(string key) => _objects.Contains(key);

    public void Add(ControlKey key, ControlDocument? old, DocumentChange? change) =>
        Add(change is null ? Unchanged : old is null ? Create : Change, key, change);

    public void Remove(ControlDocument old, byte[]? before) => Add(
        Delete, old.Key, new DocumentChange(
            old.Key.Kind == ControlKinds.Grants ? "revoke" : "delete", old.Key, old.Version, null, before, null));

    private void Add(string action, ControlKey key, DocumentChange? change)
    {
        _objects.Add(key.ToString());
        Changes.Add((new AppliedChange(action, key.ToString()), change));
    }

    public void Error(string pointer, string message) => Errors.Add(new("error", pointer, message));

    /// <summary>
    /// Adds the errors that a check of one object found, below the object's place. Returns false if there are none.
    /// </summary>
    public bool Refuse(string place, AdminResponse? problem)
    {
        if (problem is null)
            return false;
        var view = JsonSerializer.Deserialize(problem.Body.Span, AnswerJson.Default.ProblemView)!;
        var errors = (view.Errors ?? []).Where(static error => error.Severity == "error").ToList();
        if (errors.Count == 0)
            Error(place, view.Detail);
        foreach (var error in errors)
            Error(place + error.Pointer, error.Message);
        return true;
    }
}
