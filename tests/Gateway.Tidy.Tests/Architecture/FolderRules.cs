namespace Gateway.Tidy.Tests.Architecture;

/// <summary>
/// An arrow goes from one folder to another where a file names a type of the other, as namespaces and usings have it.
/// Following arrows never leads back: then a folder can be read, tested and carved out without those that use it.
/// </summary>
internal static class FolderRules
{
    public static IEnumerable<Offence> Cycles(IEnumerable<SourceFile> files)
    {
        var arrows = Arrows([.. files]);
        var targets = arrows.Keys.ToLookup(arrow => arrow.From, arrow => arrow.To);
        return from arrow in arrows
               where Reaches(targets, arrow.Key.To, arrow.Key.From)
               select new Offence(arrow.Value.Path, 0,
                   $"names {arrow.Value.Type} of {arrow.Key.To}, from where arrows lead back to {arrow.Key.From}");
    }

    /// <param name="path">A file.</param>
    /// <param name="root">The folder of its project, named as the project is.</param>
    /// <param name="declared">The namespace that it declares; empty where there is none.</param>
    public static IEnumerable<Offence> Namespace(string path, string root, string declared)
    {
        var expected = (Path.GetFileName(root) + Folder(path)[root.Length..]).Replace('/', '.');
        if (declared.Length > 0 && declared != expected)
            yield return new(path, 0, $"the namespace is {declared}; its folder says {expected}");
    }

    private static Dictionary<(string From, string To), (string Path, string Type)> Arrows(SourceFile[] files)
    {
        var types = files.SelectMany(DeclaredType.Of).ToLookup(type => type.Name);
        var arrows = new Dictionary<(string, string), (string, string)>();
        foreach (var file in files)
        {
            var usings = file.Syntax.DescendantNodes().OfType<UsingDirectiveSyntax>()
                .Select(node => node.NamespaceOrType.ToString()).ToHashSet(StringComparer.Ordinal);
            foreach (var type in Names(file).SelectMany(name => Resolve(types, name, usings, file)))
            {
                var (from, to) = (Folder(file.Path), Folder(type.File.Path));
                if (from != to)
                    arrows.TryAdd((from, to), (file.Path, type.Name));
            }
        }

        return arrows;
    }

    /// <summary>Each name that may be a type's, with what stands before its last dot.</summary>
    private static IEnumerable<(string Before, string Name)> Names(SourceFile file) =>
        file.Syntax.DescendantNodes(descendIntoTrivia: true).OfType<SimpleNameSyntax>()
            .Select(node => (node.Parent switch
            {
                MemberAccessExpressionSyntax access when access.Name == node => access.Expression.ToString(),
                QualifiedNameSyntax qualified when qualified.Right == node => qualified.Left.ToString(),
                MemberBindingExpressionSyntax => "?",
                _ => "",
            }, node.Identifier.Text))
            .Distinct();

    private static IEnumerable<DeclaredType> Resolve(
        ILookup<string, DeclaredType> types, (string Before, string Name) name, HashSet<string> usings, SourceFile file)
    {
        var candidates = types[name.Name];
        if (name.Before.Length > 0)
            return candidates.Where(type => IsAt(type.Namespace, name.Before));
        for (var at = DeclaredType.NamespaceOf(file); at.Length > 0; at = at[..Math.Max(0, at.LastIndexOf('.'))])
        {
            if (candidates.Where(type => type.Namespace == at).ToArray() is { Length: > 0 } near)
                return near;
        }

        return candidates.Where(type => usings.Contains(type.Namespace) || usings.Contains(type.FullName));
    }

    private static bool IsAt(string space, string before) =>
        space == before || space.EndsWith("." + before, StringComparison.Ordinal);

    private static bool Reaches(ILookup<string, string> targets, string from, string to)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        var left = new Stack<string>(seen);
        while (left.TryPop(out var folder))
        {
            if (folder == to)
                return true;
            foreach (var target in targets[folder].Where(seen.Add))
                left.Push(target);
        }

        return false;
    }

    private static string Folder(string path) => path[..path.LastIndexOf('/')];
}
