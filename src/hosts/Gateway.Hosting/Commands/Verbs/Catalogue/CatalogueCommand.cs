using System.CommandLine;

namespace Gateway.Hosting.Commands.Verbs.Catalogue;

/// <summary><c>gateway catalogue</c>: imports and searches the tools of public servers.</summary>
internal static class CatalogueCommand
{
    public static Command Create() => new("catalogue", "Import and search the tools of public servers.")
    {
        CatalogueImport.Create(),
        CatalogueSearch.Create(),
    };
}
