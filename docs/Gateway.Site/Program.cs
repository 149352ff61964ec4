using Gateway.Site;

// Gateway.Site ROOT OUT: pages of the documents below ROOT, made in the folder OUT. Exits with 1 where a link is dead.
// Gateway.Site --pack FROM OUT: the files below FROM, compressed, with the same names in the folder OUT.
if (args is ["--pack", var from, var to])
{
    Packing.Pack(from, to);
    return 0;
}

if (args is not [var root, var folder])
{
    await Console.Error.WriteLineAsync("usage: Gateway.Site ROOT OUT, or Gateway.Site --pack FROM OUT");
    return 2;
}

var site = SiteBuilder.Build(Path.GetFullPath(root));
foreach (var dead in site.DeadLinks)
    await Console.Error.WriteLineAsync(dead);
if (site.DeadLinks.Count > 0)
    return 1;
foreach (var (name, bytes) in site.Files)
{
    var path = Path.Combine(folder, name);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    await File.WriteAllBytesAsync(path, bytes);
}

Console.WriteLine($"{site.Files.Count} files in {folder}");
return 0;
