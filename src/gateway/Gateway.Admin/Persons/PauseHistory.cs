using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Records;
using Gateway.Audit.Erasing;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Persons;

/// <summary>The subject of a person in the history of pauses.</summary>
internal sealed class PauseHistory(HistoryStore history)
{
    private const string ErasedSubject = "(erased)";

    /// <summary>
    /// Erases the subject in the changes of pauses that have ended. The document of an active pause names it anyway.
    /// </summary>
    /// <param name="call">The request for it.</param>
    /// <param name="person">The person. A pause is at every grant, so the changes of one grant are none.</param>
    /// <param name="isPreview">True to erase nothing.</param>
    /// <returns>The number of changes that named the subject.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached; a part may be erased.</exception>
    public async Task<int> EraseAsync(AdminCall call, PersonQuery person, bool isPreview)
    {
        if (person.Grant is not null)
            return 0;
        var names = person.Issuers.SelectMany(
            issuer => person.Subjects.Select(subject => Pauses.OfSubjectName(issuer, subject)));
        var found = 0;
        foreach (var name in names.Where(name => call.State.Pauses.Named(name) is null))
        {
            found += await history.ReplaceAsync(
                $"{ControlKinds.Pauses}/{name}", WithoutSubject, isPreview, call.Aborted);
        }

        return found;
    }

    private static HistoryView? WithoutSubject(HistoryView view)
    {
        var (before, after) = (WithoutSubject(view.Before), WithoutSubject(view.After));
        return before is null && after is null ? null
            : view with { Before = before ?? view.Before, After = after ?? view.After };
    }

    private static JsonElement? WithoutSubject(JsonElement? pause)
    {
        if (pause is not { ValueKind: JsonValueKind.Object } document
            || !document.TryGetProperty("subject", out var subject) || subject.ValueEquals(ErasedSubject))
        {
            return null;
        }

        var erased = JsonObject.Create(document)!;
        erased["subject"] = ErasedSubject;
        return JsonElement.Parse(erased.ToJsonString());
    }
}
