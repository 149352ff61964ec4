using System.CommandLine;

namespace Gateway.Hosting.Commands.Verbs.Catalogue;

/// <summary><c>gateway catalogue</c>: searches, updates and imports the tools of public servers.</summary>
internal static class CatalogueCommand
{
    public static Command Create() => new("catalogue", "Search, update and import the tools of public servers.")
    {
        CatalogueImport.Create(),
        CatalogueSearch.Create(),
        CatalogueUpdateVerb.Create(),
    };
}
