using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Keeping;
using Gateway.Catalogue.Listing;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Tools;

/// <summary>Routes for an operator's classification of a tool, which replaces the classifier's.</summary>
internal sealed class ClassificationRoutes(
    ControlChanges changes, InventoryReader catalogue, ProcessClock clock) : IAdminRoutes
{
    private const int NoteCharsMax = 1_000;
    private const string Path = "/catalogue/{name}/tools/{tool}/classification";

    public void Map(RouteGroupBuilder api)
    {
        api.MapPut(Path, PutAsync).Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Sets a tool's category and risk, in place of the classifier's.")
            .Takes(static () => CatalogueJson.Default.ClassificationInput).Produces(204);
        api.MapDelete(Path, DeleteAsync).Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Restores the classifier's category and risk.").Produces(204);
    }

    private async Task<AdminResponse> PutAsync(AdminCall call)
    {
        if (!call.State.Objects.Servers.TryGetValue(call.Name, out var server))
            return Problems.NotFound("server", call.Name, call.State.ServerNamesShown);
        var (input, unreadable) = await call.ReadAsync(CatalogueJson.Default.ClassificationInput);
        if (input is null)
            return unreadable!;
        if (Check(input, out var category, out var risk) is { } invalid)
            return invalid;
        ToolFacts? tool;
        try
        {
            // The classification applies to this definition of the tool only.
            var inventory = await catalogue.ReadAsync(server, asked: false, call.Aborted);
            tool = inventory.Tools.FirstOrDefault(one => one.Name == call.Value("tool"));
            if (tool is null)
                return Problems.NotFound("tool", call.Value("tool"), inventory.Tools.Select(static one => one.Name));
        }
        catch (CatalogueException e)
        {
            return Problems.Of(502, "Server did not respond", e.Message);
        }

        if (OperatorClassifications.KeyOf(server.Name, tool.Name) is not { } key)
            return Problems.Invalid("A tool whose name has control characters, or is too long, cannot be classified.");
        var old = call.State.Documents.Find(key);
        var content = OperatorClassifications.Write(new OperatorClassification(
            category, risk, input.Note.Trim(), call.Caller.Name,
            DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()), DefinitionHash.Of(tool)));
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            "classify", key, old?.Version ?? 0, content, old?.Content.ToArray(), content));
        return problem ?? AdminResponse.NoContent;
    }

    private async Task<AdminResponse> DeleteAsync(AdminCall call)
    {
        if (OperatorClassifications.KeyOf(call.Name, call.Value("tool")) is not { } key
            || call.State.Documents.Find(key) is not { } old)
            return Problems.NotFound("classification", $"{call.Name}/{call.Value("tool")}");
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            "unclassify", key, old.Version, null, old.Content.ToArray(), null));
        return problem ?? AdminResponse.NoContent;
    }

    private static AdminResponse? Check(ClassificationInput input, out ToolCategory category, out RiskLevel risk)
    {
        risk = default;
        if (!Is(input.Category, out category))
            return Wrong("category", input.Category, Enum.GetNames<ToolCategory>());
        if (!Is(input.Risk, out risk))
            return Wrong("risk", input.Risk, Enum.GetNames<RiskLevel>());
        return string.IsNullOrWhiteSpace(input.Note) || input.Note.Length > NoteCharsMax
            ? Problems.Invalid($"\"note\" must give the reason, in 1 to {NoteCharsMax} characters.")
            : null;
    }

    private static bool Is<T>(string text, out T value)
        where T : struct, Enum
    {
        value = default;
        return Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase)
            && Enum.TryParse(text, ignoreCase: true, out value);
    }

    private static AdminResponse Wrong(string what, string said, string[] known) =>
        Problems.Invalid($"\"{said}\" is not a valid {what}; write one of {string.Join(", ", known)}.");
}
