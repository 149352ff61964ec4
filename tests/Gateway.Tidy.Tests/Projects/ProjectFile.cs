using System.Xml.Linq;

namespace Gateway.Tidy.Tests.Projects;

/// <summary>What a project file refers to, by name.</summary>
internal sealed class ProjectFile(string path, string xml)
{
    private readonly XDocument _document = XDocument.Parse(xml);

    public string Path { get; } = path;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>What it refers to; a tool that its build runs is no part of it.</summary>
    public IEnumerable<string> Projects => Includes("ProjectReference", "ReferenceOutputAssembly")
        .Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')));

    public IEnumerable<string> Friends => Includes("InternalsVisibleTo");

    public IEnumerable<string> Packages => Includes("PackageReference");

    public string Sdk => _document.Root?.Attribute("Sdk")?.Value ?? "";

    /// <summary>The value of a property; null where it is not set.</summary>
    public string? Property(string name) =>
        _document.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

    private IEnumerable<string> Includes(string item, string without = "") =>
        _document.Descendants()
            .Where(element => element.Name.LocalName == item)
            .Where(element => without.Length == 0 || element.Attribute(without) is null)
            .Select(element => element.Attribute("Include")?.Value ?? "")
            .Where(include => include.Length > 0);
}
