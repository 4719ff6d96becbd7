"""Invented names and sentences of the demo school; nobody real is meant."""

GIRLS = [
    "Aisyah",
    "Anisa",
    "Bunga",
    "Cahya",
    "Dinda",
    "Elok",
    "Fitri",
    "Gendis",
    "Hana",
    "Intan",
    "Jasmine",
    "Kania",
    "Laras",
    "Maya",
    "Nadia",
    "Oktavia",
    "Putri",
    "Qonita",
    "Rani",
    "Salsa",
    "Tiara",
    "Ulfa",
    "Vina",
    "Wulan",
    "Yasmin",
    "Zahra",
    "Amelia",
    "Berlian",
    "Citra",
    "Dewi",
    "Erika",
    "Farah",
    "Gita",
    "Hilda",
]
BOYS = [
    "Agung",
    "Bagas",
    "Cahyo",
    "Dimas",
    "Eka",
    "Farhan",
    "Galih",
    "Hafiz",
    "Ilham",
    "Joko",
    "Kevin",
    "Lukman",
    "Miko",
    "Naufal",
    "Oka",
    "Pandu",
    "Qomar",
    "Raka",
    "Satria",
    "Tegar",
    "Umar",
    "Vito",
    "Wahyu",
    "Yoga",
    "Zaki",
    "Andika",
    "Bayu",
    "Chandra",
    "Damar",
    "Erlangga",
    "Fikri",
    "Gilang",
    "Hendra",
    "Iqbal",
]
FAMILIES = [
    "Pratama",
    "Lestari",
    "Nugroho",
    "Permata",
    "Wijaya",
    "Rahma",
    "Saputra",
    "Maharani",
    "Hidayat",
    "Kusuma",
    "Ramadhan",
    "Anggraini",
    "Santoso",
    "Utami",
    "Firmansyah",
    "Safitri",
    "Setiawan",
    "Puspita",
    "Gunawan",
    "Melati",
    "Hakim",
    "Nuraini",
    "Siregar",
    "Simanjuntak",
    "Tarigan",
    "Wulandari",
    "Suryadi",
    "Halim",
    "Manurung",
    "Rangkuti",
    "Sembiring",
    "Lubis",
    "Harahap",
    "Matondang",
    "Pohan",
    "Sinaga",
    "Tambunan",
    "Purba",
]

#: What students write at the door, by topic.
ASKS = {
    "friends": (
        "Teman sebangkuku tiba-tiba tidak mau bicara. Aku bingung salahku apa.",
        "Di grup kelas aku sering tidak dianggap. Rasanya sepi.",
        "Sahabatku pindah sekolah dan aku belum punya teman dekat lagi.",
    ),
    "study": (
        "Nilaiku turun terus padahal aku sudah belajar sampai malam.",
        "Aku takut tidak naik kelas. Matematika bikin aku panik.",
        "Susah fokus belajar, tugasku menumpuk.",
    ),
    "family": (
        "Ayah dan ibu sering bertengkar, aku susah tidur.",
        "Aku harus jaga adik setiap sore dan tidak sempat belajar.",
        "Di rumah aku dibandingkan terus dengan kakak.",
    ),
    "feelings": (
        "Akhir-akhir ini aku gampang menangis tanpa tahu sebabnya.",
        "Aku cemas setiap mau berangkat sekolah.",
        "Aku merasa tidak ada yang peduli.",
    ),
    "bullying": (
        "Ada yang mengejek badanku setiap jam istirahat.",
        "Fotoku diedit dan disebar di grup angkatan.",
    ),
    "love": ("Baru putus dan aku tidak bisa berhenti memikirkannya.",),
    "career": ("Aku bingung pilih jurusan, orang tua maunya kedokteran.",),
    "loss": ("Nenek yang membesarkanku meninggal bulan lalu.",),
}

#: Conversations between a student (s) and a peer supporter (h).
TALKS = (
    (
        ("h", "Hai, makasih sudah cerita. Aku di sini buat dengerin, santai aja ya."),
        ("s", "Hai kak. Aku bingung mulai dari mana."),
        ("h", "Nggak apa-apa, mulai dari yang paling kerasa dulu. Hari ini gimana?"),
        ("s", "Capek. Di kelas aku ngerasa sendirian terus."),
        ("h", "Kedengarannya berat ya, ada di tengah banyak orang tapi ngerasa sendiri."),
        ("s", "Iya bener banget. Jam istirahat paling nggak enak."),
        ("h", "Ada satu orang yang kira-kira enak diajak ngobrol, walau sebentar?"),
        ("s", "Mungkin Rani, dia pernah nawarin pinjam catatan."),
        ("h", "Kalau besok coba bilang makasih ke Rani, menurutmu gimana?"),
        ("s", "Bisa sih. Nanti aku coba ya kak."),
    ),
    (
        ("h", "Hai, aku baca topikmu soal belajar. Mau cerita sedikit?"),
        ("s", "Nilai ulanganku jelek lagi, padahal udah begadang."),
        ("h", "Pasti kesel ya, udah usaha tapi hasilnya belum sesuai."),
        ("s", "Iya, mama juga marah. Aku jadi takut buka rapor."),
        ("h", "Takut itu wajar kok. Biasanya kamu belajarnya gimana?"),
        ("s", "Baca ulang catatan sampai malam, terus paginya lupa."),
        ("h", "Aku dulu juga gitu. Yang bantu aku: latihan soal sedikit tiap sore."),
        ("s", "Boleh dicoba. Kak bisa ingetin minggu depan?"),
        ("h", "Bisa. Senin kita ngobrol lagi ya, semangat."),
    ),
    (
        ("h", "Halo, aku dengerin ya. Ceritain aja pelan-pelan."),
        ("s", "Di rumah lagi ribut terus kak."),
        ("h", "Makasih udah percaya. Kamu sendiri aman di rumah?"),
        ("s", "Aman, cuma berisik dan aku nggak bisa tidur."),
        ("h", "Syukurlah aman. Kalau malam pas ribut, biasanya kamu ngapain?"),
        ("s", "Pakai earphone, kadang nangis."),
        ("h", "Nangis juga nggak apa-apa. Mau nggak kalau kita ajak Bu Citra bantu mikir?"),
        ("s", "Kalau bareng kakak, mau."),
    ),
)
#: A conversation in which danger shows; the words are what the detector is for.
DANGER_TALK = (
    ("h", "Hai, aku di sini. Lagi gimana rasanya?"),
    ("s", "Capek banget kak, kayak nggak ada gunanya."),
    ("h", "Aku ikut sedih dengernya. Sejak kapan rasanya begini?"),
    ("s", "Udah lama. Kadang aku pengen mati aja."),
    ("h", "Makasih udah jujur. Ini penting, aku panggil Bu Citra ya, kamu nggak sendirian."),
    ("s", "Iya kak, boleh. Aku takut."),
)

SESSION_NOTES = (
    "Konseli datang tepat waktu, tampak lelah. Menggali situasi di kelas dan perasaan sepi. Disepakati mencoba satu "
    "percakapan pendek setiap hari.",
    "Melatih pernapasan dan menata ulang pikiran 'semua orang membenciku'. Konseli menemukan dua bukti sebaliknya.",
    "Meninjau catatan suasana hati selama seminggu. Tidur membaik, makan teratur. Membahas cara bicara dengan orang tua.",
    "Bermain peran menyampaikan keberatan kepada teman. Konseli lebih percaya diri, tertawa di akhir sesi.",
    "Meninjau tujuan. Konseli menilai sudah jauh lebih baik dan ingin mencoba sendiri dengan satu pertemuan lanjutan.",
)
GOALS = (
    "Bisa berangkat sekolah tanpa cemas",
    "Punya satu teman untuk istirahat bersama",
    "Tidur sebelum jam sebelas malam",
    "Berani bilang tidak kalau diejek",
    "Menyelesaikan tugas tepat waktu",
)
NEXT_STEPS = (
    "Catat suasana hati tiap malam.",
    "Coba satu sapaan setiap pagi.",
    "Latihan napas sebelum ulangan.",
    "Bicara dengan ibu hari Minggu.",
)
PEER_NOTES = (
    "Ngobrol soal kelas. Dia mau coba menyapa satu teman.",
    "Lebih banyak mendengarkan. Janji ngobrol lagi minggu depan.",
    "Dia sudah lebih lega, rencananya jalan.",
)
REFERRAL_REASONS = (
    "Gejala duka menetap lebih dari dua bulan dan mengganggu sekolah.",
    "Mengalami kekerasan di rumah, perlu pendampingan dan rencana aman.",
    "Cemas berat sesudah banjir, sulit tidur dan sering absen.",
)
REFERRAL_SUMMARIES = (
    "Kehilangan pengasuh utama. Tinggal dengan bibi. Tidur dan makan terganggu, masih mau ke sekolah.",
    "Konflik berat di rumah dengan ayah tiri. Saat ini tinggal di rumah nenek dan merasa lebih aman.",
    "Rumah terendam bulan lalu. Takut hujan, sering terbangun. Dukungan keluarga baik.",
)
SITUATIONS = (
    "Tinggal bersama bibi, kamar sendiri. Sekolah masih berjalan, nilai turun. Sering menangis malam hari.",
    "Tinggal di rumah nenek sejak dua minggu. Kontak dengan ayah tiri dibatasi. Takut bertemu di sekolah.",
    "Keluarga mengungsi tiga minggu. Rumah sudah dibersihkan. Takut hujan dan suara air.",
)
STRENGTHS = (
    "Dekat dengan bibi, suka menggambar.",
    "Punya guru yang dipercaya.",
    "Keluarga kompak, aktif di masjid.",
)
NEEDS = (
    "Ruang berduka dan rutinitas.",
    "Rasa aman dan rencana pulang.",
    "Mengelola takut dan kembali rutin.",
)
PLAN_STEPS = (
    "Pertemuan dukungan setiap minggu",
    "Menyusun kartu rencana aman bersama",
    "Kunjungan rumah dan bicara dengan wali",
    "Menghubungkan ke kelompok dukungan di desa",
    "Menyepakati penyesuaian tugas dengan wali kelas",
)
CASE_NOTES = (
    "Pertemuan pertama di ruang tenang. Membangun rasa aman, menjelaskan kerahasiaan. Ia bercerita sedikit.",
    "Menggambar garis hidup. Menangis saat bicara tentang yang hilang, lalu lebih tenang.",
    "Kunjungan rumah. Wali mendukung, jadwal tidur disepakati.",
    "Mulai tertawa lagi, ikut kegiatan sore. Rencana aman diulang bersama.",
)
RESOLUTIONS = (
    "Bertemu langsung di ruang BK, aman, dijemput wali yang aman. Lanjut konseling.",
    "Sudah bicara 40 menit, tidak ada rencana. Rencana aman dibuat, besok bertemu lagi.",
    "Ternyata kutipan lagu; tetap dicek langsung, keadaan baik.",
)
