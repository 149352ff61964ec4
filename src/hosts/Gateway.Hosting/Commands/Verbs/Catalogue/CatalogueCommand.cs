using System.CommandLine;

namespace Gateway.Hosting.Commands.Verbs.Catalogue;

/// <summary>
/// <c>gateway catalogue</c>: searches, updates and imports the tools of public servers, and exports pages about those
/// of registered ones.
/// </summary>
internal static class CatalogueCommand
{
    public static Command Create() => new(
        "catalogue", "Search, update and import the tools of public servers; export pages about registered servers.")
    {
        CatalogueExport.Create(),
        CatalogueImport.Create(),
        CatalogueSearch.Create(),
        CatalogueUpdateVerb.Create(),
    };
}
