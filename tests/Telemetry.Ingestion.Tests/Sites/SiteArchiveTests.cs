using Telemetry.Model;
using Telemetry.Site;
using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

public sealed class SiteArchiveTests : IDisposable
{
    private readonly TestLog _log = new();
    private readonly RecordedLog _words = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void A_site_is_found_by_its_hash_also_after_a_restart()
    {
        SiteVersion kept = Keep(Open(), "site: mine\n");

        SiteVersion? found = Open().Find(kept.Hash);

        Assert.Equal((kept.Hash, "mine"), (found!.Hash, found.Catalogue.Site));
    }

    [Fact]
    public void It_is_one_instance_as_long_as_it_is_in_use()
    {
        SiteArchive archive = Open();
        SiteVersion kept = Keep(archive, "site: mine\n");
        for (int i = 0; i < 20; i++)
        {
            Keep(archive, $"site: mine{i}\n");
            Assert.Same(kept, archive.Find(kept.Hash));
        }
    }

    [Fact]
    public void What_is_missing_or_damaged_is_told_and_not_found()
    {
        SiteVersion kept = Keep(Open(), "site: mine\n");
        string path = $"/sites/{kept.Hash}.yaml";
        using (IFile file = _log.Files.Open(path, FileIntent.Write))
        {
            file.Write("x"u8, 40);
        }

        Assert.Null(Open().Find(kept.Hash));
        Assert.Null(Open().Find(new string('0', 64)));
        Assert.Equal(2, _words.Lines.Count);
        Assert.Contains("its content is not what its name says", _words.Lines[0]);
    }

    [Fact]
    public void Beyond_its_ceiling_nothing_more_is_kept_and_what_is_there_stays()
    {
        var archive = new SiteArchive(_log.Files, "/sites", _words, bytesMax: 200);
        SiteVersion kept = Keep(archive, "site: mine\n");

        IOException refusal = Assert.Throws<IOException>(() => Keep(archive, "site: m\n#" + new string('x', 100)));

        Assert.StartsWith("cannot archive the site in '/sites': expected at most 200 bytes, found ", refusal.Message);
        Assert.Same(kept, Keep(archive, "site: mine\n"));
    }

    private SiteArchive Open() => new(_log.Files, "/sites", _words);

    private static SiteVersion Keep(SiteArchive archive, string own)
    {
        var set = new SiteSet(new SiteSource("site.yaml", own), []);
        SiteCatalogue site = SiteFile.Load(set).Catalogue!;
        return archive.Keep(set, SiteVersion.Of(SiteSetFormat.HashOf(SiteSetFormat.Write(set)), site));
    }
}
