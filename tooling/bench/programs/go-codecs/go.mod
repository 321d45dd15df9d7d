module codecs

go 1.20
