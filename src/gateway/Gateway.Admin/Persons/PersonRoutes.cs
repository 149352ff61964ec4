using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Pausing;
using Gateway.Audit.Erasing;
using Gateway.Audit.Reading;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Persons;

/// <summary>
/// <c>/audit/person</c> and <c>/audit/erase</c>: exports and erases the data of a person or program at an issuer.
/// </summary>
internal sealed class PersonRoutes(
    RecordEraser eraser, PersonData data, AuditLogOptions options, AuditLog audit, IControlStore store,
    AccessLog access, PauseHistory pauses) : IAdminRoutes
{
    private const int ItemsMax = 100;
    private readonly AuditReader _records = new(options.Directory);

    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/audit/person", ExportAsync).Requires(Permissions.Administer)
            .WithSummary("Exports everything that this gateway holds about a person: records, requests for approval, "
                + "connections and pauses. Also lists the copies that other systems hold.")
            .Takes(static () => PersonJson.Default.PersonInput).Produces<PersonPage>();
        api.MapPost("/audit/erase", EraseAsync).Requires(Permissions.Administer)
            .WithSummary("Erases a person's values in this gateway's records, recorded arguments and ended requests "
                + "for approval. Without \"confirm\", it only lists these values.")
            .Takes(static () => PersonJson.Default.ErasureInput).Produces<ErasureView>();
    }

    private async Task<AdminResponse> ExportAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(PersonJson.Default.PersonInput);
        if (input is null)
            return unreadable!;
        if (Invalid(input) is { } invalid)
            return invalid;
        var person = await data.QueryAsync(call, input);
        if (!await access.TryNoteAsync(call, "export-person"))
            return Unrecorded();
        var page = await Task.Run(() => _records.Read(AuditQuery.Where(person.IsIn), input.Cursor, Pages.LimitMax));
        var found = new PersonPage(page.Items, page.Next, page.More)
        {
            Frontend = audit.Frontend,
            Others = store.IsShared,
        };
        return AdminResponse.Ok(
            input.Cursor is null ? await data.AddAsync(found, call, person) : found, PersonJson.Default.PersonPage);
    }

    private async Task<AdminResponse> EraseAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(PersonJson.Default.ErasureInput);
        if (input is null)
            return unreadable!;
        if ((Invalid(input) ?? InvalidReason(input)) is { } invalid)
            return invalid;
        var person = await data.QueryAsync(call, input);
        try
        {
            var view = input.Confirm
                ? View(await eraser.EraseAsync(person, call.Actor, input.Reason))
                : await Task.Run(() => Preview(person));
            if (view is null)
            {
                return Problems.Of(
                    StatusCodes.Status409Conflict, "Busy", "Another erasure is running; try again when it is done.");
            }

            view = await data.EraseAsync(view, call, person) with
            {
                Changes = await pauses.EraseAsync(call, person, isPreview: !view.Erased),
            };
            return AdminResponse.Ok(
                view with { Frontend = audit.Frontend, Others = store.IsShared }, PersonJson.Default.ErasureView);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.Of(
                StatusCodes.Status503ServiceUnavailable, "Not erased",
                $"The erasure is incomplete: {e.Message}. Repeat the request, or restart the gateway, which completes "
                    + "the erasure.");
        }
    }

    private static AdminResponse? Invalid(PersonInput input) =>
        input.Subject.Length is 0 or > SubjectInput.LengthMax || input.Issuer.Length is 0 or > SubjectInput.LengthMax
            ? Problems.Invalid($"\"issuer\" and \"subject\" need 1 to {SubjectInput.LengthMax} characters.")
            : null;

    // The reason is part of the signed record, which no erasure changes.
    private static AdminResponse? InvalidReason(ErasureInput input) =>
        string.IsNullOrWhiteSpace(input.Reason) || input.Reason.Length > ControlChanges.ReasonLengthMax
            ? Problems.Invalid($"\"reason\" needs 1 to {ControlChanges.ReasonLengthMax} characters.")
            : input.Reason.Contains(input.Subject, StringComparison.OrdinalIgnoreCase)
                ? Problems.Invalid("\"reason\" contains the subject, but the reason stays in the audit log. Write "
                    + "something that does not identify the person, such as the number of a request.")
                : null;

    private static AdminResponse Unrecorded() => Problems.Of(
        StatusCodes.Status503ServiceUnavailable, "Not recorded",
        "The export cannot be recorded, so nothing was exported. Check the audit log.");

    private static ErasureView? View(ErasureResult? result) => result is null ? null
        : new ErasureView(Erased: true, result.Records)
        {
            Id = result.Id,
            Calls = result.Calls,
            Fixed = result.Fixed,
            FixedUntil = result.FixedUntil,
            More = result.HasMore,
        };

    private ErasureView Preview(PersonQuery person)
    {
        var items = new List<JsonElement>();
        var found = eraser.Find(person, line =>
        {
            if (items.Count < ItemsMax)
                items.Add(JsonElement.Parse(line));
        });
        return new ErasureView(Erased: false, found.Erasable)
        {
            Fixed = found.Fixed,
            FixedUntil = found.FixedUntil,
            More = found.HasMore,
            Items = items,
        };
    }
}
